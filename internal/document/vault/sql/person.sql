select d.id, d.agency, d.case_id, d.kind, d.subject, d.media_type, d.bytes, d.created_at
from portal.act a join portal.document d on d.act = a.id
where a.subject = any (@people::bytea[])
order by d.created_at, d.act, d.place
