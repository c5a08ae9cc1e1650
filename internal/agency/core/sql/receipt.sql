-- Rides on case (debtor_id), receipt (case_id).
select c.case_id::text, x.receipt_id::text, x.kind, x.paid_on, x.amount_ore, x.statement, x.status, x.submitted_at,
       x.decided_on, x.reply
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.receipt x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.submitted_at, x.receipt_id
