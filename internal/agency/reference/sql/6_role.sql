-- The runtime role reads the views, calls the functions of the login and those of
-- 7_wrappers.sql, and does nothing else.

do $$
begin
    create role oversikt_app login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
exception when duplicate_object or unique_violation then -- another database of the server made it
    null;
end $$;

grant usage on schema oversikt to oversikt_app;
grant select on all tables in schema oversikt to oversikt_app;
revoke execute on all functions in schema core, oversikt, oversikt_rules from public;
grant execute on all functions in schema oversikt to oversikt_app;
grant execute on function core.today(), core.owed(bigint, date) to public; -- the views call it, whoever reads them
