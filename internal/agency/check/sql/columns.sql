-- Every relation of the schema with its columns; a domain counts as the type below it.
with recursive
relation as (
    select c.oid, c.relname, c.reloptions, pg_catalog.has_table_privilege(c.oid, 'SELECT') as readable
    from pg_catalog.pg_class c
    where c.relnamespace = @schema::text::pg_catalog.regnamespace
      and c.relkind in ('r', 'v', 'm', 'p', 'f')
),
layer as (
    select a.attrelid, a.attname, a.attnum, a.atttypid as typ
    from pg_catalog.pg_attribute a
    join relation r on r.oid = a.attrelid
    where a.attnum > 0 and not a.attisdropped
    union all
    select l.attrelid, l.attname, l.attnum, t.typbasetype
    from layer l
    join pg_catalog.pg_type t on t.oid = l.typ and t.typtype = 'd'
)
select r.relname::text,
       r.readable,
       coalesce(r.reloptions, '{}')::text[],
       coalesce(l.attname::text, ''),
       coalesce(pg_catalog.format_type(t.oid, null), '')
from relation r
left join (layer l join pg_catalog.pg_type t on t.oid = l.typ and t.typtype <> 'd') on l.attrelid = r.oid
order by r.relname, l.attnum
