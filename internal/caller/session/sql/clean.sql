delete from portal.session
where expires_at <= @now::timestamptz
   or seen_at <= @idle_since::timestamptz
returning key, kind, holder, issuer, acr
