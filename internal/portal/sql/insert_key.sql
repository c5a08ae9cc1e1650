insert into portal.key (name, check_value, sealed) values ($1::text, $2::bytea, $3::bytea)
on conflict do nothing
