-- The service connects as this role. An operator who makes it beforehand decides how it logs in.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'oversikt_portal') then
        create role oversikt_portal login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
    end if;
exception when duplicate_object or unique_violation then -- somebody else has just made it
    null;
end $$;
