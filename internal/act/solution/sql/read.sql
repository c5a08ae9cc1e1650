-- One acceptance by its id, or all of a person by unique (subject, key); a row per agency.
select a.id, a.subject, a.key, a.digest, a.person, a.summary, a.status, coalesce(a.decision, '') as decision,
       coalesce(a.reason, '') as reason, a.created_at, a.decide_by, a.decided_at, a.ended_at,
       case when g.position = 0 then a.schedule end as schedule,
       g.agency, g.key as agency_key, g.proposal, g.expects, g.state, coalesce(g.reason, '') as agency_reason, g.changed_at
from portal.acceptance a
join portal.acceptance_agency g on g.acceptance = a.id
where a.id = @id::uuid or a.subject = @subject::bytea
order by a.created_at desc, a.id, g.position
