select d.id, d.agency, d.case_id, d.kind, d.subject, d.media_type, d.bytes, d.created_at
from portal.document d
where d.agency = @agency::text and d.subject = any (@subjects::text[]) and d.kind = @kind::text
order by d.created_at, d.act, d.place
