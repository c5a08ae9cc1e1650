-- What a debtor may know of who looked: never who a member of staff is (CJEU C-579/21).
-- Rides on access_log_subject.
select l.at, l.id, l.actor_kind as kind, coalesce(l.actor_agency, '') as staff_agency, coalesce(l.actor = l.subject, false) as own,
       l.ground, coalesce(l.attorney, '') as attorney, coalesce(l.reason, '') as reason, l.action, l.what, l.agencies, l.cases,
       l.cases_cut, l.client, l.outcome
from portal.access_log l
where l.subject = @subject::bytea
  and (@own::boolean is null or coalesce(l.actor = l.subject, false) = @own)
  and l.at <= @after_at::timestamptz and (l.at, l.id) < (@after_at, @after_id::uuid)
  and l.at >= @before_at::timestamptz and (l.at, l.id) > (@before_at, @before_id::uuid)
order by l.at desc, l.id desc
limit @rows::int
