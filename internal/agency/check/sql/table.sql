-- Whether a table is small (64 kB), whether an index on plain columns begins with one of the columns,
-- and the table that it is a partition of, or else itself.
select pg_catalog.pg_relation_size(c.oid) <= 65536,
       exists (select
               from pg_catalog.pg_index i
               join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
               where i.indrelid = c.oid and i.indisvalid and i.indpred is null
                 and a.attname = any (@columns::text[])),
       rn.nspname::text,
       r.relname::text
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_class r on r.oid = coalesce(pg_catalog.pg_partition_root(c.oid), c.oid)
join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
where n.nspname = @schema::text and c.relname = @table::text
