-- What the database has of the contract, as the connected role may use it: the columns of each
-- relation, and the arguments of each function.
select 'relation' as kind, c.relname::text as name,
       array(select a.attname::text from pg_catalog.pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as parts
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1::text and c.relkind in ('r', 'v', 'm', 'p', 'f')
  and pg_catalog.has_table_privilege(c.oid, 'SELECT')
union all
select 'function', p.proname::text,
       array(select x.name from pg_catalog.unnest(p.proargnames) with ordinality x (name, nth)
             where coalesce(p.proargmodes[x.nth], 'i') in ('i', 'b'))
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where n.nspname = $1::text and p.prokind = 'f'
  and pg_catalog.has_schema_privilege(n.oid, 'USAGE') and pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
