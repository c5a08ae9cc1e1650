-- The acts that have not ended: each has a job. It rides on river_job's index on state and queue, and on
-- the key of portal.act.
select count(*),
       count(*) filter (where a.status = $2),
       coalesce(extract(epoch from $3::timestamptz - min(a.created_at)), 0)::float8
from portal.river_job j
join portal.act a on a.id = (j.args ->> 'id')::uuid and a.ended_at is null
where j.queue = $1 and j.state in ('available', 'scheduled', 'retryable', 'running')
