-- When a session was last used, unless it has lapsed: as read.sql, for who knows the rest.
select seen_at
from portal.session
where key = $1::bytea
  and expires_at > $2::timestamptz
  and seen_at > $3::timestamptz
