-- Remembers whom a member of staff has looked up, with the latest reason, and forgets who counts
-- for nothing any more. Rides on the primary key.
with forgotten as (
    delete from portal.staff_lookup
    where actor = any(@actors::bytea[]) and at < @since and (agency, subject) <> (@agency, @subject)
)
insert into portal.staff_lookup (actor, agency, subject, person, reason, at)
values (@actor, @agency, @subject, @person, @reason, @at)
on conflict (actor, agency, subject) do update set person = excluded.person, reason = excluded.reason, at = excluded.at
