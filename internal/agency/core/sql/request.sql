-- Rides on case (debtor_id), request (case_id).
select c.case_id::text, x.request_id::text, x.kind, x.status, x.requested_at, x.until, x.decided_on, x.reply
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.request x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.requested_at, x.request_id
