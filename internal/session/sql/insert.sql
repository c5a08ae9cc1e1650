insert into portal.session (key, kind, person, holder, acr, issuer, sid, id_token, created_at, seen_at, expires_at)
values (@key::bytea, @kind::text, @person::bytea, @holder::bytea, @acr::text, @issuer::text,
        nullif(@sid::text, ''), @id_token::bytea, @now::timestamptz, @now::timestamptz, @expires_at::timestamptz)
