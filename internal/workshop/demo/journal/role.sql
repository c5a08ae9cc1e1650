-- The runtime role reads the views, calls the functions, and does nothing else. Roles belong to
-- the whole cluster: another database's installation may be making this one right now.
do $$
begin
    create role oversikt_app login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
exception when duplicate_object or unique_violation then
    null;
end $$;

grant usage on schema oversikt to oversikt_app;
grant select on all tables in schema oversikt to oversikt_app;
revoke execute on all functions in schema journal, oversikt, oversikt_rules from public;
grant execute on all functions in schema oversikt to oversikt_app;
grant execute on function journal.today(), journal.owed(text, date) to public; -- the views call it, whoever reads them
