-- The relations outside the contract that the role, or a role that it can become, can read.
-- Those of extensions and those that are reported otherwise (owned, powerful roles) are left out.
with acting as (
    select r.oid
    from pg_catalog.pg_roles r
    where pg_catalog.pg_has_role(@role::text, r.oid, 'MEMBER') and r.rolname not like 'pg\_%'
)
select n.nspname::text, c.relname::text, 'SELECT'
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p', 'f')
  and n.nspname <> @schema::text
  and n.nspname not in ('pg_catalog', 'information_schema')
  and n.nspname !~ '^pg_(toast|temp)'
  and not pg_catalog.pg_has_role(@role, c.relowner, 'MEMBER')
  and not exists (select from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.objid = c.oid and d.deptype = 'e')
  and exists (select from acting a
              where pg_catalog.has_schema_privilege(a.oid, n.oid, 'USAGE')
                and pg_catalog.has_any_column_privilege(a.oid, c.oid, 'SELECT'))
order by n.nspname, c.relname
