-- Rides on session (person).
select kind, acr as assurance, created_at, seen_at, expires_at
from portal.session
where person = any(@subjects::bytea[])
order by created_at desc
