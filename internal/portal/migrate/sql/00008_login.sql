-- +goose Up
-- How often something was done of late, such as login attempts from an address. Nobody can
-- tell from this table which address, agency or case that was.
create table portal.throttle (
    bucket       bytea       primary key check (length(bucket) = 32), -- keyed hash of what is counted
    empty_at     timestamptz not null,                                -- when all of it is forgotten
    locked_until timestamptz not null,
    lapses_at    timestamptz not null generated always as (greatest(empty_at, locked_until)) stored
);
create index throttle_lapsed on portal.throttle (lapses_at);
grant select, insert, update, delete on portal.throttle to oversikt_portal;

-- The issuer's session is ended without the token, which names the person.
alter table portal.session drop column id_token;

-- +goose Down
alter table portal.session add column id_token bytea;
drop table portal.throttle;
