-- What the role, or a role that it can become, can change.
with acting as (
    select r.oid
    from pg_catalog.pg_roles r
    where pg_catalog.pg_has_role(@role::text, r.oid, 'MEMBER') and r.rolname not like 'pg\_%'
),
item as (
    select n.nspname, c.oid, c.relname, c.relkind
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'v', 'm', 'p', 'f', 'S')
      and n.nspname not in ('pg_catalog', 'information_schema')
      and n.nspname !~ '^pg_(toast|temp)'
      and not pg_catalog.pg_has_role(@role, c.relowner, 'MEMBER')
)
select i.nspname::text, i.relname::text, p.privilege
from item i
cross join (values ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) p (privilege)
where i.relkind <> 'S'
  and exists (select from acting a
              where case when p.privilege in ('INSERT', 'UPDATE')
                         then pg_catalog.has_any_column_privilege(a.oid, i.oid, p.privilege)
                         else pg_catalog.has_table_privilege(a.oid, i.oid, p.privilege) end)
union all
select i.nspname::text, i.relname::text, 'USAGE'
from item i
where i.relkind = 'S'
  and exists (select from acting a where pg_catalog.has_sequence_privilege(a.oid, i.oid, 'USAGE, UPDATE'))
order by 1, 2, 3
