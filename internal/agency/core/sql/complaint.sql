-- Rides on case (debtor_id), complaint (case_id).
select c.case_id::text, x.complaint_id::text, x.status, x.categories, x.statement, x.submitted_at, x.answer_by,
       x.answered_on, x.reply
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.complaint x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.submitted_at, x.complaint_id
