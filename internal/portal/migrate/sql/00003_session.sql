-- +goose Up
-- A session of a browser. Whoever reads this table can neither use a session, as only the
-- hash of its id is here, nor tell whose it is.
create table portal.session (
    key        bytea       primary key check (length(key) = 32),    -- SHA-256 of the id in the cookie
    kind       text        not null check (kind in ('PERSON', 'CASE')),
    person     bytea       not null check (length(person) = 32),    -- reference of the person
    holder     bytea       not null,                                -- who it is, sealed
    acr        text        not null,
    issuer     text        not null,
    sid        text,                                                -- the issuer's name of its own session
    id_token   bytea,                                               -- sealed; ends the issuer's session
    created_at timestamptz not null,
    seen_at    timestamptz not null,
    expires_at timestamptz not null
) with (fillfactor = 80); -- seen_at changes in place, as no index has it
create index session_person on portal.session (person);
create index session_sid on portal.session (sid) where sid is not null;
grant select, insert, delete on portal.session to oversikt_portal;
grant update (seen_at) on portal.session to oversikt_portal;

-- +goose Down
drop table portal.session;
