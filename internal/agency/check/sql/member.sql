-- The powerful roles whose rights the role has or can take on.
select r.rolname::text
from pg_catalog.pg_roles r
where r.rolname <> @role::text
  and pg_catalog.pg_has_role(@role, r.oid, 'MEMBER')
  and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolname like 'pg\_%')
order by r.rolname
