-- Rides on case (debtor_id), objection (case_id).
select c.case_id::text, x.objection_id::text, x.status, x.reasons, x.statement, x.submitted_at, x.decided_on, x.reply,
       x.disputed_amount_ore, x.contact_with_creditor, x.withdrawn_on
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.objection x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.submitted_at, x.objection_id
