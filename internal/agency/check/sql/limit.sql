-- The limits that a session of the role has here, by who has set them; a later row counts for less.
select s.name, s.value, s.whose
from (
    select pg_catalog.split_part(x.setting, '=', 1) as name, pg_catalog.substr(x.setting, pg_catalog.strpos(x.setting, '=') + 1) as value,
           case when d.setrole = 0 then 'the database' when d.setdatabase = 0 then 'the role' else 'the role in this database' end as whose,
           (d.setrole = 0)::integer * 2 + (d.setdatabase = 0)::integer as place
    from pg_catalog.pg_db_role_setting d
    cross join lateral pg_catalog.unnest(d.setconfig) x (setting)
    where d.setrole in (0, coalesce(pg_catalog.to_regrole(pg_catalog.quote_ident(@role::text))::oid, 0))
      and d.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
    union all
    select p.name, p.reset_val || coalesce(p.unit, ''), 'the server', 9
    from pg_catalog.pg_settings p
    where p.source <> 'session' and p.source not in ('user', 'database user', 'client')
) s
where s.name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout', 'lock_timeout')
order by s.place
