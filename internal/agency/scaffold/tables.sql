-- Every table of the agency with its columns, its key, the tables that it refers to, and its indexes.
select n.nspname::text, c.relname::text,
       (select array_agg(a.attname::text order by a.attnum) from pg_catalog.pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
       (select array_agg(pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid),
                                                case when t.typbasetype <> 0 then t.typtypmod else a.atttypmod end) order by a.attnum)
        from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
       coalesce((select array_agg(a.attname::text order by k.n)
                 from pg_catalog.pg_constraint p
                 cross join lateral pg_catalog.unnest(p.conkey) with ordinality k (attnum, n)
                 join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
                 where p.conrelid = c.oid and p.contype = 'p'), '{}'),
       coalesce((select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                        'schema', fn.nspname, 'table', f.relname,
                        'columns', (select pg_catalog.jsonb_agg(a.attname order by k.n)
                                    from pg_catalog.unnest(r.conkey) with ordinality k (attnum, n)
                                    join pg_catalog.pg_attribute a on a.attrelid = r.conrelid and a.attnum = k.attnum),
                        'to', (select pg_catalog.jsonb_agg(a.attname order by k.n)
                               from pg_catalog.unnest(r.confkey) with ordinality k (attnum, n)
                               join pg_catalog.pg_attribute a on a.attrelid = r.confrelid and a.attnum = k.attnum)) order by r.conname)
                 from pg_catalog.pg_constraint r
                 join pg_catalog.pg_class f on f.oid = r.confrelid
                 join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
                 where r.conrelid = c.oid and r.contype = 'f' and r.conparentid = 0), '[]')::text,
       coalesce((select array_agg(pg_catalog.pg_get_indexdef(i.indexrelid, 1, true))
                 from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisvalid and i.indpred is null), '{}')
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'm') and not c.relispartition
  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
  and n.nspname <> all (array[$1::text, $1 || '_rules', $1 || '_kit'])
  and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.objid = c.oid and d.deptype = 'e')
order by 1, 2
