-- The relations of the schema that the caller may read, each with its columns.
select c.relname::text, array_agg(a.attname::text)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = $1::text and c.relname = any ($2::text[]) and c.relkind in ('r', 'v', 'm', 'p', 'f')
  and pg_catalog.has_table_privilege(c.oid, 'SELECT')
group by c.relname
