-- For a case worker: the claims of cases behind some items of the queue. Rides on case_link (case_link_id).
select x.case_link_id::text, x.case_number, x.statement, x.status, x.requested_at, x.decided_on, x.reply, x.name, x.national_id,
       x.password_right
from oversikt.case_link x
where x.case_link_id = any (@links)
