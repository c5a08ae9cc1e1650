-- No row is written when the key is taken or another acceptance is pending.
insert into portal.acceptance (id, subject, key, digest, person, summary, schedule, last_day, status, created_at, decide_by)
values (@id, @subject, @key, @digest, @person, @summary, @schedule, @last_day::date, 'PENDING', @now::timestamptz, @decide_by)
on conflict do nothing
