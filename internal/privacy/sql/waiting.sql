-- Rides on privacy_request (answer_by) where answered_at is null.
select id, kind, agency, text, person, submitted_at, answer_by, status, answered_at, reply
from portal.privacy_request
where answered_at is null
order by answer_by, submitted_at
