-- +goose Up
-- The service connects as this role; each table grants it what it needs and no more. An
-- operator who makes the role beforehand decides how it logs in.
-- +goose StatementBegin
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'oversikt_portal') then
        create role oversikt_portal login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
    end if;
exception when duplicate_object or unique_violation then
    null;
end $$;
-- +goose StatementEnd
grant usage on schema portal to oversikt_portal;

-- +goose Down
revoke usage on schema portal from oversikt_portal;
