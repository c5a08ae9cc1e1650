-- +goose Up
-- Who has what of an agency's queue in hand, until when: one for each item. Who is a reference; what an
-- item is about is the agency's to know.
create table portal.claim (
    agency   text        not null,
    item     text        not null,
    worker   bytea       not null check (octet_length(worker) = 32),
    until    timestamptz not null,
    decision uuid,                 -- the act by which whoever has it decides it; null: there is none yet
    primary key (agency, item)
);
grant select, insert, update, delete on portal.claim to oversikt_portal;
insert into portal.retention_rule (name, relation, age, days, reason) values
    ('claim', 'portal.claim', 'until', 1, 'It counts for half an hour, and nobody asks for it after that');

-- +goose Down
delete from portal.retention_rule where name = 'claim';
drop table portal.claim;
