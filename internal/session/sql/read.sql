-- The session of an id, unless it has lapsed. Rides on the primary key.
select kind, holder, acr, issuer, created_at, seen_at, expires_at
from portal.session
where key = @key::bytea
  and expires_at > @now::timestamptz
  and seen_at > @idle_since::timestamptz
