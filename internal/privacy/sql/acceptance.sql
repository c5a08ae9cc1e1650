-- Rides on acceptance (subject, key), acceptance_agency (acceptance, agency).
select a.id, a.created_at as accepted_at, a.status, a.ended_at, a.reason, a.schedule,
       array(select x.agency from portal.acceptance_agency x where x.acceptance = a.id order by x.position) as agencies
from portal.acceptance a
where a.subject = @subject::bytea
order by a.created_at desc, a.id
