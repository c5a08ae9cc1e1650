-- Deletes some of what has lapsed; it waits for nobody. Rides on throttle_lapsed.
delete from portal.throttle
where bucket in (
    select bucket
    from portal.throttle
    where lapses_at < @now::timestamptz
    order by lapses_at
    limit 20
    for update skip locked
)
