-- Rides on case (debtor_id), letter (case_id).
select c.case_id::text, x.letter_id::text, x.kind, x.title, x.channel, x.sent_on, x.due_on, x.amount_ore,
       x.document_id::text
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.letter x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.sent_on, x.letter_id
