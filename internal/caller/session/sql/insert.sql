insert into portal.session (key, kind, person, holder, acr, issuer, sid, created_at, seen_at, expires_at)
values (@key::bytea, @kind::text, @person::bytea, @holder::bytea, @acr::text, @issuer::text,
        nullif(@sid::text, ''), @now::timestamptz, @now::timestamptz, @expires_at::timestamptz)
