-- +goose Up
-- What people have asked for, one row for each wish: docs/acts.md. Whose it is, is a keyed
-- hash; what was asked, and who asks, is sealed and goes when the act has ended.
create table portal.act (
    id           uuid primary key,
    subject      bytea not null check (octet_length(subject) = 32),
    key          uuid not null,                                     -- the caller's idempotency key
    name         text not null check (name ~ '^[A-Z_]{3,64}$'),
    reach        text not null check (reach in ('HERE', 'ONE', 'EACH', 'ALL')),
    digest       bytea check (octet_length(digest) = 32),           -- of the input; null: from before there were digests
    actor        bytea check (octet_length(actor) = 32),            -- who acted for the person; null: the person
    by_name      bytea,                                             -- sealed: the name of that one
    whose        bytea,                                             -- sealed
    summary      jsonb check (octet_length(summary::text) <= 65536),
    kept         bytea check (octet_length(kept) <= 4194304),       -- sealed
    cases        text[] not null check (cardinality(cases) <= 1000), -- agency/id, as in the access log
    alone        boolean not null default false,
    status       text not null check (status in ('PENDING', 'DONE', 'REFUSED', 'WITHDRAWN', 'NEEDS_ATTENTION')),
    decision     text check (decision in ('CONFIRM', 'WITHDRAW')),
    reason       text check (length(reason) <= 64),
    created_at   timestamptz not null,
    decide_by    timestamptz,
    decided_at   timestamptz,
    until        timestamptz not null,
    ended_at     timestamptz check (ended_at >= created_at),
    rests        date check (rests <= (created_at at time zone 'UTC')::date + 1900),
    -- The retention schedule counts from here.
    kept_from    timestamptz generated always as (
        case when ended_at is not null and status = 'DONE' then greatest(ended_at, rests::timestamp at time zone 'UTC')
             else ended_at end) stored,
    driver       uuid,                                              -- who drives it; null: nobody
    driven_until timestamptz,
    sealed_as    text not null default 'act',
    constraint act_subject_key unique (subject, key),
    check ((decision is null) = (decided_at is null)),
    check ((reach = 'ALL') = (decide_by is not null)),
    check (reach = 'ALL' or decision is null),
    check ((status in ('PENDING', 'NEEDS_ATTENTION')) = (ended_at is null)),
    check (ended_at is null or whose is null and driver is null),
    check (reach <> 'ALL' or status <> 'DONE' or decision is not distinct from 'CONFIRM'),
    check (reach <> 'ALL' or status <> 'WITHDRAWN' or decision is not distinct from 'WITHDRAW'),
    check (decision is distinct from 'WITHDRAW' or kept is null)
);
-- One at a time: what is only to be withdrawn stands in nobody's way.
create unique index act_alone on portal.act (subject, name)
    where alone and status = 'PENDING' and decision is distinct from 'WITHDRAW';

create table portal.act_agency (
    act        uuid not null references portal.act on delete cascade,
    position   smallint not null,
    agency     text not null check (length(agency) <= 20),
    key        uuid not null,                   -- sent to the agency
    input      bytea,                           -- sealed, until the act has ended
    expects    bytea,                           -- fingerprint of the records that an offer was computed from
    state      text not null check (state in ('PENDING', 'PROPOSED', 'DONE', 'REFUSED', 'WITHDRAWN')),
    reason     text check (length(reason) <= 64),
    sent       boolean not null default false,  -- it may have been carried out, as far as anybody knows
    result     bytea,                           -- sealed: what the agency answered
    changed_at timestamptz not null,
    primary key (act, agency),
    unique (act, position)
);
grant select, insert, update (whose, kept, status, decision, reason, decided_at, ended_at, driver, driven_until)
    on portal.act to oversikt_portal;
grant select, insert, update (input, state, reason, sent, result, changed_at) on portal.act_agency to oversikt_portal;

-- What has ended stays so: the retention schedule counts from then. A withdrawal takes away
-- what was kept; nothing else changes it.
-- +goose StatementBegin
create function portal.act_ends_once() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if old.ended_at is not null and new is distinct from old then
        raise exception 'what has ended stays so' using errcode = 'insufficient_privilege';
    elsif old.decision is not null and new.decision is distinct from old.decision then
        raise exception 'a decision is taken once' using errcode = 'insufficient_privilege';
    end if;
    new.kept := case when new.decision is distinct from 'WITHDRAW' then old.kept end;
    return new;
end $$;
-- +goose StatementEnd
create trigger ends_once before update on portal.act for each row execute function portal.act_ends_once();

-- Whoever shows people what happens listens to oversikt_act and reads on from the number that
-- it has read last.
create table portal.event (
    number  bigint generated always as identity primary key,
    at      timestamptz not null default now(),
    act     uuid not null,
    name    text not null,
    status  text not null,
    subject bytea not null
);
create index event_at on portal.event (at);
grant select, insert on portal.event to oversikt_portal;
-- +goose StatementBegin
create function portal.act_raises_event() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    insert into portal.event (act, name, status, subject) values (new.id, new.name, new.status, new.subject);
    notify oversikt_act;
    return null;
end $$;
-- +goose StatementEnd
create trigger raises_event_when_stored after insert on portal.act
    for each row execute function portal.act_raises_event();
create trigger raises_event_when_changed after update on portal.act
    for each row when (old.status is distinct from new.status) execute function portal.act_raises_event();

insert into portal.retention_rule (name, relation, age, days, reason) values
    ('event', 'portal.event', 'at', 30, 'Who was away longer than that reads everything anew');

-- Acceptances of solutions are acts now. One that was not decided is withdrawn: no agency has
-- been asked to confirm it, and its two minutes are over.
insert into portal.act (id, subject, key, name, reach, whose, summary, kept, cases, alone, status, decision, reason,
                        created_at, decide_by, decided_at, until, ended_at, rests, sealed_as)
select a.id, a.subject, a.key, 'ACCEPT_PAYMENT_SOLUTION', 'ALL', a.person, a.summary,
       case when a.decision = 'CONFIRM' then a.schedule end,
       coalesce((select array_agg(format('%s/%s', c ->> 'Agency', c ->> 'ID')) from jsonb_array_elements(a.summary -> 'cases') c), '{}'),
       true, case a.status when 'CONFIRMED' then 'DONE' else a.status end,
       coalesce(a.decision, 'WITHDRAW'), case when a.decision is null then 'EXPIRED' else a.reason end,
       a.created_at, a.decide_by, coalesce(a.decided_at, now()), a.created_at + interval '3 days', a.ended_at, a.last_day, 'acceptance'
from portal.acceptance a;
insert into portal.act_agency (act, position, agency, key, input, expects, state, reason, sent, changed_at)
select x.acceptance, x.position, x.agency, x.key, x.proposal, x.expects,
       case x.state when 'CONFIRMED' then 'DONE' else x.state end, x.reason, true, x.changed_at
from portal.acceptance_agency x;
insert into portal.retention_rule (name, relation, age, condition, days, reason)
select 'act_accept_payment_solution', 'portal.act', 'kept_from', $$name = 'ACCEPT_PAYMENT_SOLUTION'$$, days, reason
from portal.retention_rule where name = 'acceptance';
delete from portal.retention_rule where name = 'acceptance';
-- Their jobs go on with them. A database that is new has no queue yet.
-- +goose StatementBegin
do $$
begin
    if to_regclass('portal.river_job') is not null then
        update portal.river_job set kind = 'act_resume', queue = 'act' where kind = 'acceptance_resume';
    end if;
end $$;
-- +goose StatementEnd
drop table portal.acceptance_agency;
drop table portal.acceptance;
drop function portal.withdrawal_takes_the_schedule();

-- +goose Down
-- +goose StatementBegin
do $$
begin
    raise exception 'acts cannot be taken back to the tables of before: restore the backup';
end $$;
-- +goose StatementEnd
