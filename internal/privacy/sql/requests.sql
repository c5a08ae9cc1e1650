-- Rides on privacy_request_subject.
select id, kind, agency, text, person, submitted_at, answer_by, status, answered_at, reply
from portal.privacy_request
where subject = any(@subjects::bytea[])
order by submitted_at desc, id
