-- Rides on debtor (national_id), agreement (debtor_id), instalment (agreement_id).
select x.agreement_id::text, x.number, x.due_on, x.amount_ore, x.fee_ore, x.paid_on
from oversikt.debtor d
join oversikt.agreement a on a.debtor_id = d.debtor_id
join oversikt.instalment x on x.agreement_id = a.agreement_id
where d.national_id = @national_id::text
order by x.agreement_id, x.number
