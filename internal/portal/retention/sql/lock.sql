-- The lock is the session's: it ends with the connection, whatever happens to the process.
select pg_catalog.pg_try_advisory_lock(pg_catalog.hashtext('portal.retention'))
