-- What an auditor of an agency may know: looks at the agency's data and by its staff. That
-- a person has cases elsewhere is none of its business. Rides on access_log_agency (a rare
-- agency, a case), access_log_subject, access_log_actor, or the primary key.
select l.at, l.id, l.actor_kind as kind, coalesce(l.actor_agency, '') as staff_agency, coalesce(l.actor = l.subject, false) as own,
       l.ground, coalesce(l.attorney, '') as attorney, coalesce(l.reason, '') as reason, l.action, l.what,
       case when @agency = any (l.agencies) then array[@agency] else '{}' end as agencies,
       array(select c from unnest(l.cases) c where starts_with(c, @agency || '/')) as cases,
       l.cases_cut, l.client, l.outcome, l.actor, l.subject, l.request
from portal.access_log l
where array_append(l.agencies, l.actor_agency) @> array[@agency::text]
  and (@from::timestamptz is null or l.at >= @from)
  and (@to::timestamptz is null or l.at < @to)
  and (@subjects::bytea[] is null or l.subject = any(@subjects))
  and (@actors::bytea[] is null or l.actor = any(@actors))
  and l.at <= @after_at::timestamptz and (l.at, l.id) < (@after_at, @after_id::uuid)
  and l.at >= @before_at::timestamptz and (l.at, l.id) > (@before_at, @before_id::uuid)
order by l.at desc, l.id desc
limit @rows::int
