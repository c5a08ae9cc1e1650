-- +goose Up
-- A household's budget: one for each person. Whose it is is a reference; what they have said is sealed.
-- The agencies that may see it are those in shared, and no others.
create table portal.budget (
    id        uuid        primary key,
    subject   bytea       not null check (octet_length(subject) = 32),
    household bytea       not null,                -- sealed
    shared    text[]      not null default '{}',
    saved_at  timestamptz not null
);
create unique index budget_subject on portal.budget (subject);
grant select, insert, update (household, shared, saved_at) on portal.budget to oversikt_portal;
insert into portal.retention_rule (name, relation, age, days, reason) values
    ('budget', 'portal.budget', 'saved_at', 365,
     'A budget that is a year old says little of what somebody can pay; who saves it anew keeps it');

-- +goose Down
delete from portal.retention_rule where name = 'budget';
drop table portal.budget;
