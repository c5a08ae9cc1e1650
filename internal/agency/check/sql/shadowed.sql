-- Functions beside the contract's that look types and tables up among the temporary ones first, as
-- their own search_path does not end with pg_temp; none where the role can make no temporary object.
select n.nspname::text, p.proname::text, 'EXECUTE'
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where pg_catalog.has_database_privilege(@role::text, pg_catalog.current_database(), 'TEMPORARY')
  and n.nspname not in ('pg_catalog', 'information_schema')
  and (n.nspname <> @schema::text or p.proname <> all (@functions::text[]))
  and exists (select from pg_catalog.unnest(p.proconfig) c (setting)
              where c.setting like 'search\_path=%' and c.setting !~ '[=," ]pg_temp"?$')
  and not exists (select from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                    and d.objid = p.oid and d.deptype = 'e')
order by 1, 2
