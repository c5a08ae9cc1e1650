-- +goose Up
-- Whom a member of staff has looked up, and why, for half an hour: what belongs to that person
-- can be fetched again by its id until then.
create table portal.staff_lookup (
    actor   bytea       not null check (octet_length(actor) = 32),
    agency  text        not null,
    subject bytea       not null check (octet_length(subject) = 32),
    person  bytea       not null, -- the number, sealed
    reason  text        not null,
    at      timestamptz not null,
    primary key (actor, agency, subject)
);
create index staff_lookup_at on portal.staff_lookup (at);
grant select, insert, update, delete on portal.staff_lookup to oversikt_portal;
insert into portal.retention_rule (name, relation, age, days, reason) values
    ('staff_lookup', 'portal.staff_lookup', 'at', 1,
     'It counts for half an hour; this is the second net behind the service''s own clean-up');

-- +goose Down
delete from portal.retention_rule where name = 'staff_lookup';
drop table portal.staff_lookup;
