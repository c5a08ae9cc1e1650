insert into portal.retention_run (ran_at, rule, deleted)
values (@ran_at::timestamptz, @rule::text, @deleted::bigint)
