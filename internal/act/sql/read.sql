-- One act by its id, one of a person's by its key, or all of a person's, the newest first.
-- Rides on the primary key, or on act_subject_key.
select a.id, a.subject, a.key, a.name, a.reach, a.digest, a.actor, a.by_name, a.whose, a.summary, a.kept, a.cases,
       a.status, coalesce(a.decision, '') as decision, coalesce(a.reason, '') as reason, a.created_at, a.decide_by,
       a.decided_at, a.until, a.ended_at, a.sealed_as,
       coalesce(x.agency, '') as agency, x.key as agency_key, x.input, x.expects, coalesce(x.state, '') as state,
       coalesce(x.reason, '') as agency_reason, x.sent, x.result, coalesce(x.changed_at, a.created_at) as changed_at
from (select * from portal.act
      where (@id::uuid is null or id = @id) and (@subjects::bytea[] is null or subject = any(@subjects))
        and (@key::uuid is null or key = @key) and num_nonnulls(@id::uuid, @subjects::bytea[]) > 0
        and (@name::text is null or name = @name) and (not @pending or ended_at is null and decision is distinct from 'WITHDRAW')
      order by created_at desc, id
      limit 1000) a
left join portal.act_agency x on x.act = a.id
order by a.created_at desc, a.id, x.position
