-- Rides on case (debtor_id), fee (case_id).
select c.case_id::text, x.fee_id::text, x.kind, x.amount_ore, x.incurred_on, x.waived_on, x.legal_basis
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.fee x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.incurred_on, x.fee_id
