-- The buckets, made where they are missing, and locked in one order until the transaction
-- ends. Rides on the primary key.
insert into portal.throttle (bucket, empty_at, locked_until)
select bucket, @now::timestamptz, @now::timestamptz
from unnest(@buckets::bytea[]) bucket
order by bucket
on conflict (bucket) do update set bucket = excluded.bucket
returning bucket, empty_at, locked_until
