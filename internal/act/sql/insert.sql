-- Nothing is stored twice under one key, and of some acts one at a time.
insert into portal.act (id, subject, key, name, reach, digest, actor, by_name, whose, summary, kept, cases, alone, status,
                        decision, reason, created_at, decide_by, decided_at, until, ended_at, rests, driver, driven_until, sealed_as)
values (@id, @subject, @key, @name, @reach, @digest, @actor, @by_name, @whose, @summary, @kept, @cases, @alone, @status,
        @decision, @reason, @now, @decide_by, @decided_at, @until, @ended_at, @rests::text::date, @driver, clock_timestamp() + @lease::interval, @sealed_as)
on conflict do nothing
