-- Columns of schema $2 that those of schema $1 cannot take the place of: of another type, or with
-- a value that nobody gives any longer.
select format('%s.%s', o.relname, h.attname)
from pg_catalog.pg_class w
join pg_catalog.pg_class o on o.relname = w.relname and o.relnamespace = to_regnamespace($2) and o.relkind = 'r'
join pg_catalog.pg_attribute h on h.attrelid = o.oid and h.attnum > 0 and not h.attisdropped
left join pg_catalog.pg_attribute a on a.attrelid = w.oid and a.attname = h.attname and not a.attisdropped
where w.relnamespace = to_regnamespace($1) and w.relkind = 'r'
  and (a.attname is null and h.attnotnull and not h.atthasdef and h.attidentity = ''
       or replace(format_type(a.atttypid, a.atttypmod), $1 || '.', $2 || '.') <> format_type(h.atttypid, h.atttypmod))
order by 1
