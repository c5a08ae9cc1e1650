-- One at a time notes keys, until the end of the transaction: replicas start together.
select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('portal.key', 0))
