-- Says to the triggers of this transaction what is going on; they believe the owner alone.
select pg_catalog.set_config('oversikt.reseal', 'on', true)
