-- When somebody was last here: their newest entry that is followed by nothing for a while. Of one
-- visit there may be many, so 2,000 are looked at. Rides on access_log_subject.
select v.at
from (
    select e.at, lead(e.at, 1, @now::timestamptz) over (order by e.at) as next
    from unnest(@subjects::bytea[]) mine (subject)
    cross join lateral (
        select x.at
        from portal.access_log x
        where x.subject = mine.subject and x.actor = any (@actors::bytea[]) and x.at <= @now
        order by x.at desc
        limit 2000) e
) v
where v.next - v.at >= @apart::interval
order by v.at desc
limit 1
