-- Rides on message (debtor_id). A message about no case is outside of every list of cases.
select x.message_id::text, x.case_id::text, x.sender, x.subject, x.body, x.sent_at, x.read_at
from oversikt.debtor d
join oversikt.message x on x.debtor_id = d.debtor_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or x.case_id::text = any (@case_ids))
order by x.sent_at, x.message_id
