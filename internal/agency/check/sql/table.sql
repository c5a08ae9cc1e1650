-- Whether a table is small (64 kB), and whether an index on plain columns begins with one of the columns.
select pg_catalog.pg_relation_size(c.oid) <= 65536,
       exists (select
               from pg_catalog.pg_index i
               join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
               where i.indrelid = c.oid and i.indisvalid and i.indpred is null
                 and a.attname = any (@columns::text[]))
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = @schema::text and c.relname = @table::text
