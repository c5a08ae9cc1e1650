-- What the role owns, itself or through a membership, in this database.
select 'database ' || d.datname as object
from pg_catalog.pg_database d
where d.datname = pg_catalog.current_database() and pg_catalog.pg_has_role(@role::text, d.datdba, 'MEMBER')
union all
select 'schema ' || n.nspname
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_(toast|temp)' and pg_catalog.pg_has_role(@role, n.nspowner, 'MEMBER')
union all
select 'relation ' || n.nspname || '.' || c.relname
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p', 'f', 'S')
  and n.nspname !~ '^pg_(toast|temp)' and pg_catalog.pg_has_role(@role, c.relowner, 'MEMBER')
union all
select 'function ' || n.nspname || '.' || p.proname
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where pg_catalog.pg_has_role(@role, p.proowner, 'MEMBER')
order by object
