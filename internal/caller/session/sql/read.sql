-- The session of an id, unless it has lapsed: of $1, at $2, not idle since $3. Parameters by
-- position, as each request with a cookie sends it. Rides on the primary key.
select kind, holder, acr, issuer, created_at, seen_at, expires_at
from portal.session
where key = $1::bytea
  and expires_at > $2::timestamptz
  and seen_at > $3::timestamptz
