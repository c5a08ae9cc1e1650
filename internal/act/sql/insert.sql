-- Nothing is stored twice under one key, and of some acts one at a time. Constraints see to
-- that, but for rows in which another key of the service stands for the same person.
insert into portal.act (id, subject, key, name, reach, digest, actor, by_name, whose, summary, kept, cases, alone, status,
                        decision, reason, created_at, decide_by, decided_at, until, ended_at, rests, driver, driven_until, sealed_as)
select @id::uuid, @subject::bytea, @key::uuid, @name::text, @reach::text, @digest::bytea, @actor::bytea, @by_name::bytea, @whose::bytea, @summary::jsonb, @kept::bytea, @cases::text[], @alone::boolean, @status::text,
       @decision::text, @reason::text, @now::timestamptz, @decide_by::timestamptz, @decided_at::timestamptz, @until::timestamptz,
       @ended_at::timestamptz, @rests::text::date, @driver::uuid, clock_timestamp() + @lease::interval, @sealed_as::text
where not exists (
    select from portal.act
    where subject = any(@others::bytea[])
      and (key = @key or @alone and alone and name = @name and ended_at is null and decision is distinct from 'WITHDRAW'))
on conflict do nothing
