-- Logins of one person wait for each other, so that they are counted right.
select pg_catalog.pg_advisory_xact_lock(@person::bigint)
