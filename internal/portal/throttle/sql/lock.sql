-- The buckets, made where they are missing, and locked in one order until the transaction
-- ends. One that is made goes on from what was counted under another key of the service. Rides on
-- the primary key.
insert into portal.throttle (bucket, empty_at, locked_until)
select wanted.bucket, coalesce(max(was.empty_at), @now::timestamptz), coalesce(max(was.locked_until), @now::timestamptz)
from unnest(@buckets::bytea[]) wanted (bucket)
left join unnest(@same::bytea[], @others::bytea[]) other (same, bucket) on other.same = wanted.bucket
left join portal.throttle was on was.bucket = other.bucket
group by wanted.bucket
order by wanted.bucket
on conflict (bucket) do update set bucket = excluded.bucket
returning bucket, empty_at, locked_until
