select id, kind, agency, text, person, submitted_at, answer_by, status, answered_at, reply
from portal.privacy_request
where id = @id::uuid
