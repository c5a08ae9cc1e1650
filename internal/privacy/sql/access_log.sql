-- Rides on access_log (subject, at, id).
select at, actor_kind as actor, actor_agency as agency, ground, reason, action, what, agencies, outcome
from portal.access_log
where subject = any(@subjects::bytea[])
order by at desc, id
