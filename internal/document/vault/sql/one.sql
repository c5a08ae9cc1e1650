select d.id, d.agency, d.case_id, d.kind, d.subject, d.media_type, d.bytes, d.created_at, d.sealed
from portal.document d
where d.id = @id::uuid
