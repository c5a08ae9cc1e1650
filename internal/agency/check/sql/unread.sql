-- The relations of the contract that the role cannot read, and whether it may enter the schema.
select c.relname::text,
       pg_catalog.has_schema_privilege(@role::text, c.relnamespace, 'USAGE')
from pg_catalog.pg_class c
where c.relnamespace = @schema::text::pg_catalog.regnamespace
  and c.relkind in ('r', 'v', 'm', 'p', 'f')
  and not (pg_catalog.has_schema_privilege(@role, c.relnamespace, 'USAGE')
           and pg_catalog.has_table_privilege(@role, c.oid, 'SELECT'))
order by c.relname
