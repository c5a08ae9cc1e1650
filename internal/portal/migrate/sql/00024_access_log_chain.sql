-- +goose Up
-- Each entry of the access log has a mark that the service alone can make, and a link in a chain:
-- docs/access-log.md. What was there before has no mark and is linked first.
alter table portal.access_log add column mark bytea; -- null: from before

create table portal.access_log_new (
    at timestamptz not null,
    id uuid        not null
);
insert into portal.access_log_new (at, id) select at, id from portal.access_log;

-- +goose StatementBegin
create function portal.access_log_is_linked_later() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    insert into portal.access_log_new (at, id) select at, id from fresh;
    return null;
end $$;
-- +goose StatementEnd
create trigger linked_later after insert on portal.access_log referencing new table as fresh
    for each statement execute function portal.access_log_is_linked_later();

create table portal.access_log_link (
    number bigint      primary key,
    at     timestamptz not null,
    id     uuid        not null,
    doubted boolean    not null,                                   -- the entry is not as the service made it
    digest bytea       not null check (octet_length(digest) = 32), -- keyed hash of the entry
    mac    bytea       not null check (octet_length(mac) = 32)     -- keyed hash of all this and the link before
);

-- Where the chain begins, once retention has taken what was before: the last link that went.
create table portal.access_log_anchor (
    number bigint primary key,
    mac    bytea  not null check (octet_length(mac) = 32),         -- of the link
    seal   bytea  not null check (octet_length(seal) = 32)         -- keyed hash of both
);

-- The key of all these hashes and the day from which entries have marks, sealed.
create table portal.access_log_key (
    one    boolean primary key default true check (one),
    sealed bytea   not null
);

insert into portal.retention_rule (name, relation, age, condition, days, reason) values
    ('access_log_link', 'portal.access_log_link', 'at',
     'number <= coalesce((select max(number) from portal.access_log_anchor), 0)', 1095,
     'It goes with the entries that it links; it says nothing of anybody');

-- +goose Down
delete from portal.retention_rule where name = 'access_log_link';
drop trigger linked_later on portal.access_log;
drop function portal.access_log_is_linked_later();
drop table portal.access_log_key, portal.access_log_anchor, portal.access_log_link, portal.access_log_new;
alter table portal.access_log drop column mark;
