-- The runtime role reads the contract and nothing else.

do $$
begin
    create role oversikt_app login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
exception when duplicate_object or unique_violation then -- another database of the server made it
    null;
end $$;

grant usage on schema oversikt to oversikt_app;
grant select on all tables in schema oversikt to oversikt_app;
