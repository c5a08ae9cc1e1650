-- The sessions of a person that have not lapsed, or only one of them, the newest first. Rides on
-- session_person.
select key, kind, created_at, seen_at, expires_at
from portal.session
where person = any(@people::bytea[])
  and (@only::bytea is null or key = @only::bytea)
  and expires_at > @now::timestamptz
  and seen_at > @idle_since::timestamptz
order by created_at desc
