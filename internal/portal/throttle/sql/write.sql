update portal.throttle t
set empty_at = new.empty_at, locked_until = new.locked_until
from unnest(@buckets::bytea[], @empty_at::timestamptz[], @locked_until::timestamptz[]) new (bucket, empty_at, locked_until)
where t.bucket = new.bucket
