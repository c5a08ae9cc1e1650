-- Where the role, or a role that it can become, can create something that stays.
with acting as (
    select r.oid
    from pg_catalog.pg_roles r
    where pg_catalog.pg_has_role(@role::text, r.oid, 'MEMBER') and r.rolname not like 'pg\_%'
)
select 'schema' as kind, n.nspname::text
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_(toast|temp)'
  and not pg_catalog.pg_has_role(@role, n.nspowner, 'MEMBER')
  and exists (select from acting a where pg_catalog.has_schema_privilege(a.oid, n.oid, 'CREATE'))
union all
select 'database', d.datname::text
from pg_catalog.pg_database d
where d.datname = pg_catalog.current_database()
  and not pg_catalog.pg_has_role(@role, d.datdba, 'MEMBER')
  and exists (select from acting a where pg_catalog.has_database_privilege(a.oid, d.oid, 'CREATE'))
order by 1, 2
