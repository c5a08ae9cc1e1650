-- The functions of the contract that the role cannot call.
select p.proname::text
from pg_catalog.pg_proc p
where p.pronamespace = @schema::text::pg_catalog.regnamespace
  and p.proname = any (@functions::text[])
  and pg_catalog.has_schema_privilege(@role::text, p.pronamespace, 'USAGE')
  and not pg_catalog.has_function_privilege(@role, p.oid, 'EXECUTE')
order by p.proname
