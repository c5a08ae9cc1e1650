select pg_catalog.pg_advisory_unlock(pg_catalog.hashtext('portal.retention'))
