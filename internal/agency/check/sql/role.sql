-- What the role is. Superusers and members of the owner own everything.
select r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolcanlogin
from pg_catalog.pg_roles r
where r.rolname = @role::text
