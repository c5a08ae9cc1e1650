-- What the views of the schema need of whoever reads them: execute on the functions that they call,
-- whoever owns the view, and select on what a view with security_invoker below them reads.
with recursive view as (
    select c.oid as relation, c.oid as view
    from pg_catalog.pg_class c
    where c.relnamespace = @schema::text::pg_catalog.regnamespace and c.relkind = 'v'
    union
    select v.relation, x.oid
    from view v
    join pg_catalog.pg_rewrite r on r.ev_class = v.view
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
                               and d.refclassid = 'pg_catalog.pg_class'::regclass
    join pg_catalog.pg_class x on x.oid = d.refobjid and x.relkind = 'v'
),
used as (
    select v.relation, d.refclassid, d.refobjid,
           v.view <> v.relation
           and coalesce(pg_catalog.array_to_string(c.reloptions, ','), '') ~* 'security_invoker=(true|on|1|yes)' as invoker,
           v.view
    from view v
    join pg_catalog.pg_class c on c.oid = v.view
    join pg_catalog.pg_rewrite r on r.ev_class = v.view
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
),
-- Functions with a body that PostgreSQL has parsed call others with the same rights.
called as (
    select u.relation, coalesce(o.oprcode, u.refobjid) as func
    from used u
    left join pg_catalog.pg_operator o on u.refclassid = 'pg_catalog.pg_operator'::regclass and o.oid = u.refobjid
    where u.refclassid in ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass)
    union
    select f.relation, coalesce(o.oprcode, d.refobjid)
    from called f
    join pg_catalog.pg_proc p on p.oid = f.func and not p.prosecdef
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid
                               and d.refclassid in ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass)
    left join pg_catalog.pg_operator o on d.refclassid = 'pg_catalog.pg_operator'::regclass and o.oid = d.refobjid
)
select c.relname::text, 'function' as kind, f.func::pg_catalog.regprocedure::text as name,
       pg_catalog.has_function_privilege(@role::text, f.func, 'EXECUTE') as allowed,
       not p.prosecdef and l.lanname not in ('internal', 'c') and p.prosqlbody is null as opaque
from called f
join pg_catalog.pg_class c on c.oid = f.relation
join pg_catalog.pg_proc p on p.oid = f.func
join pg_catalog.pg_language l on l.oid = p.prolang
union
select c.relname::text, 'relation', t.oid::pg_catalog.regclass::text,
       pg_catalog.has_any_column_privilege(@role, t.oid, 'SELECT'), false
from used u
join pg_catalog.pg_class c on c.oid = u.relation
join pg_catalog.pg_class t on t.oid = u.refobjid and t.oid <> u.view
where u.invoker and u.refclassid = 'pg_catalog.pg_class'::regclass and t.relkind in ('r', 'v', 'm', 'p', 'f')
union
-- What such a function reads, where PostgreSQL has parsed it.
select c.relname::text, 'relation', t.oid::pg_catalog.regclass::text,
       pg_catalog.has_any_column_privilege(@role, t.oid, 'SELECT'), false
from called f
join pg_catalog.pg_proc p on p.oid = f.func and not p.prosecdef
join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid
                           and d.refclassid = 'pg_catalog.pg_class'::regclass
join pg_catalog.pg_class t on t.oid = d.refobjid and t.relkind in ('r', 'v', 'm', 'p', 'f')
join pg_catalog.pg_class c on c.oid = f.relation
order by 1, 2, 3
