-- +goose Up
-- Documents that people have handed in. What is in them is in a bucket, under the id of the row and encrypted with a
-- key that is sealed here together with the hash of what was handed in. It is nobody's until the agency has taken the act;
-- then subject is the agency's key of what it belongs to.
create table portal.document (
    id          uuid        primary key,
    act         uuid        not null references portal.act on delete cascade,
    place       smallint    not null check (place between 0 and 99),
    agency      text        not null,
    case_id     text        not null,
    subject     text,
    media_type  text        not null check (media_type in ('PDF', 'JPEG', 'PNG', 'HEIC')),
    bytes       integer     not null check (bytes > 0),
    sealed      bytea       not null,
    state       text        not null default 'PENDING' check (state in ('PENDING', 'KEPT')),
    created_at  timestamptz not null,
    check ((state = 'KEPT') = (subject is not null)),
    unique (act, place)
);
create index document_subject on portal.document (agency, subject);
create index document_pending on portal.document (act) where state = 'PENDING';
grant select, insert, delete, update (state, subject) on portal.document to oversikt_portal;
insert into portal.retention_rule (name, relation, age, days, reason) values
    ('document', 'portal.document', 'created_at', 1095,
     'Whether something was paid can be disputed for three years (foreldelsesloven § 2)');

-- +goose Down
delete from portal.retention_rule where name = 'document';
drop table portal.document;
