-- Rides on case (debtor_id), agreement_case (case_id), agreement (agreement_id).
select c.case_id::text, a.agreement_id::text, a.kind, a.status, a.monthly_amount_ore, a.started_on,
       a.ended_on, a.warned_on, a.breach_on, a.skips_left, a.reply,
       a.decided_on, a.changed_on,
       (select count(*) from oversikt.agreement_case y where y.agreement_id = a.agreement_id) as cases
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.agreement_case x on x.case_id = c.case_id
join oversikt.agreement a on a.agreement_id = x.agreement_id and a.debtor_id = d.debtor_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, a.started_on, a.agreement_id
