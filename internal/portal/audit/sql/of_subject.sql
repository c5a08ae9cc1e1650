-- What a debtor may know of who looked: never who a member of staff is (CJEU C-579/21).
-- Rides on access_log_subject, once for what stands for the debtor in rows of each key.
select l.at, l.id, l.actor_kind as kind, coalesce(l.actor_agency, '') as staff_agency, coalesce(l.actor = l.subject, false) as own,
       l.ground, coalesce(l.attorney, '') as attorney, coalesce(l.reason, '') as reason, l.action, l.what, l.agencies, l.cases,
       l.cases_cut, l.client, l.outcome
from unnest(@subjects::bytea[]) mine (subject)
cross join lateral (
    select *
    from portal.access_log x
    where x.subject = mine.subject
      and (@own::boolean is null or coalesce(x.actor = x.subject, false) = @own)
      and x.at <= @after_at::timestamptz and (x.at, x.id) < (@after_at, @after_id::uuid)
      and x.at >= @before_at::timestamptz and (x.at, x.id) > (@before_at, @before_id::uuid)
    order by x.at desc, x.id desc
    limit @rows::int) l
order by l.at desc, l.id desc
limit @rows::int
