-- The text of each view of the schema, and of the views that it reads.
with recursive uses as (
    select c.oid as relation, c.oid as view
    from pg_catalog.pg_class c
    where c.relnamespace = @schema::text::pg_catalog.regnamespace and c.relkind in ('v', 'm')
    union
    select u.relation, v.oid
    from uses u
    join pg_catalog.pg_rewrite r on r.ev_class = u.view
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
                               and d.refclassid = 'pg_catalog.pg_class'::regclass
    join pg_catalog.pg_class v on v.oid = d.refobjid and v.relkind in ('v', 'm')
)
select r.relname::text, n.nspname || '.' || v.relname, pg_catalog.pg_get_viewdef(v.oid)
from uses u
join pg_catalog.pg_class r on r.oid = u.relation
join pg_catalog.pg_class v on v.oid = u.view
join pg_catalog.pg_namespace n on n.oid = v.relnamespace
order by r.relname, v.oid <> r.oid, v.relname
