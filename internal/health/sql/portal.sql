-- What the portal database, and the service's role in it, is. It reads the catalogue alone.
select pg_catalog.current_setting('server_encoding'),
       r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolreplication,
       exists (select from pg_catalog.pg_class c
               where c.relnamespace = pg_catalog.to_regnamespace('portal')
                 and pg_catalog.pg_has_role(current_user, c.relowner, 'MEMBER')),
       pg_catalog.to_regclass('public.oversikt_migration') is not null,
       coalesce(pg_catalog.has_schema_privilege(pg_catalog.to_regnamespace('portal'), 'usage'), false)
       and coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass('public.oversikt_migration'), 'select'), false)
       and not exists (
           select from (values ('session'), ('act'), ('event'), ('access_log'), ('throttle'), ('river_job')) t (name)
           where not coalesce(pg_catalog.has_any_column_privilege(
               pg_catalog.to_regclass('portal.' || t.name), 'select, insert, update'), false))
from pg_catalog.pg_roles r
where r.rolname = current_user
