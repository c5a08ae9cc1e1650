insert into portal.budget (id, subject, household, saved_at)
values (@id::uuid, @subject::bytea, @household::bytea, @saved_at::timestamptz)
