insert into portal.session (key, kind, person, holder, acr, issuer, sid, letter_case, letter_password,
                            created_at, seen_at, expires_at)
values (@key::bytea, @kind::text, @person::bytea, @holder::bytea, @acr::text, @issuer::text,
        nullif(@sid::text, ''), @letter_case::bytea, @letter_password::bytea,
        @now::timestamptz, @now::timestamptz, @expires_at::timestamptz)
