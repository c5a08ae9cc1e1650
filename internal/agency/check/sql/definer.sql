-- Functions outside the contract that run with their owner's rights and that the role can call.
with acting as (
    select r.oid
    from pg_catalog.pg_roles r
    where pg_catalog.pg_has_role(@role::text, r.oid, 'MEMBER') and r.rolname not like 'pg\_%'
)
select n.nspname::text, p.proname::text, 'EXECUTE'
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where p.prosecdef
  and p.prorettype <> all ('{trigger,event_trigger}'::pg_catalog.regtype[])
  and (n.nspname <> @schema::text or p.proname <> all (@functions::text[]))
  and n.nspname not in ('pg_catalog', 'information_schema')
  and not pg_catalog.pg_has_role(@role, p.proowner, 'MEMBER')
  and not exists (select from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                    and d.objid = p.oid and d.deptype = 'e')
  and exists (select from acting a
              where pg_catalog.has_schema_privilege(a.oid, n.oid, 'USAGE')
                and pg_catalog.has_function_privilege(a.oid, p.oid, 'EXECUTE'))
order by 1, 2
