-- +goose Up
-- When the service has last gone through the chain of the access log, and whether it was whole.
create table portal.access_log_check (
    checked_at timestamptz primary key,
    intact     boolean     not null,
    since      timestamptz,                                        -- of the oldest entry; null: there was none
    through    timestamptz,                                        -- of the newest
    seal       bytea       not null check (octet_length(seal) = 32) -- keyed hash of all this
);
insert into portal.retention_rule (name, relation, age, days, reason) values
    ('access_log_check', 'portal.access_log_check', 'checked_at', 1095, 'To show when the access log was whole (GDPR art. 5(2))');

-- +goose Down
delete from portal.retention_rule where name = 'access_log_check';
drop table portal.access_log_check;
