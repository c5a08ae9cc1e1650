-- Every function of the schema: how it runs, who may call it, and its arguments and results.
with place as (
    select p.oid, btrim(s.place, ' "') as name, s.nth, s.nth = count(*) over (partition by p.oid) as last
    from pg_catalog.pg_proc p
    cross join lateral pg_catalog.unnest(p.proconfig) c (setting)
    cross join lateral pg_catalog.string_to_table(pg_catalog.substr(c.setting, 13), ',') with ordinality s (place, nth)
    where p.pronamespace = @schema::text::pg_catalog.regnamespace and c.setting like 'search\_path=%'
),
-- Where a search_path looks that is not pg_catalog, nor a schema in which only the
-- function's owner and superusers can create, nor pg_temp at the end.
open_place as (
    select l.oid, pg_catalog.string_agg(l.name, ', ' order by l.nth) as names
    from place l
    join pg_catalog.pg_proc p on p.oid = l.oid
    left join pg_catalog.pg_namespace n on n.nspname = l.name
    where l.name <> 'pg_catalog' and not (l.name = 'pg_temp' and l.last)
      and (n.oid is null
           or exists (select from pg_catalog.pg_roles r
                      where r.oid <> p.proowner and not r.rolsuper and r.rolname not like 'pg\_%'
                        and pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')))
    group by l.oid
)
select p.oid::bigint,
       p.proname::text,
       p.prosecdef,
       p.provolatile = 'v',
       exists (select from pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
               where a.grantee = 0 and a.privilege_type = 'EXECUTE'),
       case when not exists (select from place l where l.oid = p.oid) then 'it has no search_path of its own'
            when not exists (select from place l where l.oid = p.oid and l.last and l.name = 'pg_temp')
            then 'its search_path does not end with pg_temp, which is then searched first'
            else coalesce('its search_path has ' || o.names || ', where others can create', '') end,
       exists (select from place l where l.oid = p.oid),
       coalesce(a.name, ''),
       coalesce(a.mode in ('o', 't'), false),
       coalesce(pg_catalog.format_type(a.type, null), '')
from pg_catalog.pg_proc p
left join open_place o on o.oid = p.oid
left join lateral (
    select x.type, coalesce(p.proargnames[x.nth], '') as name, coalesce(p.proargmodes[x.nth], 'i') as mode, x.nth
    from pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality x (type, nth)
) a on true
where p.pronamespace = @schema::text::pg_catalog.regnamespace and p.prokind = 'f'
order by p.proname, p.oid, a.nth
