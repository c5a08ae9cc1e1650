-- +goose Up
-- A person's acceptance of a combined payment solution, and what came of it. The person is
-- a keyed hash; who it is and what was proposed is sealed, and erased at the end.
create table portal.acceptance (
    id         uuid primary key,
    subject    bytea not null check (octet_length(subject) = 32),
    key        uuid not null,                                          -- the caller's idempotency key
    digest     bytea not null check (octet_length(digest) = 32),       -- of the plan: the same key means the same plan
    person     bytea,                                                  -- sealed
    summary    jsonb not null check (octet_length(summary::text) <= 65536),
    status     text not null check (status in ('PENDING', 'CONFIRMED', 'WITHDRAWN', 'NEEDS_ATTENTION')),
    decision   text check (decision in ('CONFIRM', 'WITHDRAW')),
    reason     text check (length(reason) <= 64),
    created_at timestamptz not null,
    decide_by  timestamptz not null,
    decided_at timestamptz,
    ended_at   timestamptz,
    unique (subject, key),
    check ((decision is null) = (decided_at is null)),
    check ((status in ('CONFIRMED', 'WITHDRAWN')) = (ended_at is not null)),
    check ((ended_at is not null) = (person is null)),
    check (status <> 'CONFIRMED' or decision = 'CONFIRM'),
    check (status <> 'WITHDRAWN' or decision = 'WITHDRAW')
);
-- One at a time: what is only to be withdrawn stands in nobody's way.
create unique index acceptance_pending on portal.acceptance (subject)
    where status = 'PENDING' and decision is distinct from 'WITHDRAW';

create table portal.acceptance_agency (
    acceptance uuid not null references portal.acceptance on delete cascade,
    position   smallint not null,
    agency     text not null check (length(agency) <= 20),
    key        uuid not null,           -- sent to the agency
    proposal   bytea,                   -- sealed
    expects    bytea,                   -- fingerprint of the records that the offer was computed from
    state      text not null check (state in ('PENDING', 'PROPOSED', 'REFUSED', 'CONFIRMED', 'WITHDRAWN')),
    reason     text check (length(reason) <= 64),
    changed_at timestamptz not null,
    primary key (acceptance, agency),
    unique (acceptance, position)
);
grant select, insert, update (person, status, decision, reason, decided_at, ended_at) on portal.acceptance to oversikt_portal;
grant select, insert, update (proposal, state, reason, changed_at) on portal.acceptance_agency to oversikt_portal;

-- +goose Down
drop table portal.acceptance_agency;
drop table portal.acceptance;
