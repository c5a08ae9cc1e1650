-- +goose Up
-- Who looked at what, for whom and on which ground: written once, read, never changed.
-- Persons are keyed hashes. A month is a partition, so that retention drops a table.
create table portal.access_log (
    at           timestamptz not null,
    id           uuid not null,
    request      text not null check (length(request) <= 64),
    actor_kind   text not null check (actor_kind in ('PERSON', 'CASE_LOGIN', 'ATTORNEY', 'CASE_WORKER', 'SUPERVISOR', 'AUDITOR', 'SYSTEM')),
    actor        bytea check (octet_length(actor) = 32),   -- null: the service itself
    actor_agency text check (length(actor_agency) <= 20),  -- where a member of staff works
    subject      bytea check (octet_length(subject) = 32), -- null: nobody in particular
    ground       text not null check (ground in ('OWN', 'CASE_LOGIN', 'POWER_OF_ATTORNEY', 'STAFF')),
    attorney     text check (length(attorney) <= 64),      -- the power of attorney
    reason       text check (length(reason) <= 500 and reason !~ '[0-9]{11}'),
    action       text not null check (length(action) <= 64),
    what         text[] not null check (cardinality(what) <= 32),
    agencies     text[] not null check (cardinality(agencies) <= 64),
    cases        text[] not null check (cardinality(cases) <= 100), -- agency/id
    cases_cut    boolean not null,                         -- there were more
    client       text not null check (length(client) <= 64),
    outcome      text not null check (outcome in ('OK', 'DENIED', 'FAILED')),
    primary key (at, id),
    check ((actor is null) = (actor_kind = 'SYSTEM')),
    check ((attorney is not null) = (ground = 'POWER_OF_ATTORNEY')),
    check ((reason is not null) = (ground = 'STAFF'))
) partition by range (at);

-- What a debtor reads, and what an auditor reads of one person, of one actor, of one
-- agency or case. An agency sees what its data and its staff were part of. A pending list
-- would make the rare reads as slow as no index; entries come in batches anyway.
create index access_log_subject on portal.access_log (subject, at, id);
create index access_log_actor on portal.access_log (actor, at, id);
create index access_log_agency on portal.access_log using gin (array_append(agencies, actor_agency), cases)
    with (fastupdate = off);

grant select, insert on portal.access_log to oversikt_portal;

-- Against the owner's slip of the hand: grants do not bind an owner. Retention drops
-- partitions, which no trigger sees.
-- +goose StatementBegin
create function portal.access_log_is_append_only() returns trigger
language plpgsql set search_path = '' as $$
begin
    raise exception '% of the access log is refused: it is append-only', tg_op
        using errcode = 'insufficient_privilege', hint = 'Retention: portal.drop_access_log_before(date).';
end $$;
-- +goose StatementEnd
create trigger append_only before update or delete or truncate on portal.access_log
    for each statement execute function portal.access_log_is_append_only();

-- create_access_log_month makes the partition of the month of an instant, unless it is
-- there. Attaching does not stop those who read and write meanwhile.
-- +goose StatementBegin
create function portal.create_access_log_month(at timestamptz) returns boolean
language plpgsql security definer set search_path = '' set lock_timeout = '2s' as $$
declare
    first timestamp := date_trunc('month', at at time zone 'UTC');
    name text := 'access_log_' || to_char(first, 'YYYY_MM');
begin
    if at is null or at > now() + interval '3 months' or at < now() - interval '10 years' then
        raise exception 'no month of the access log is made for that instant' using errcode = 'invalid_parameter_value';
    end if;
    perform pg_advisory_xact_lock(hashtext('portal.create_access_log_month'));
    if to_regclass('portal.' || name) is not null then
        return false;
    end if;
    execute format('create table portal.%I (like portal.access_log including defaults including constraints)', name);
    execute format('create trigger append_only before update or delete or truncate on portal.%I
        for each statement execute function portal.access_log_is_append_only()', name);
    execute format('alter table portal.access_log attach partition portal.%I for values from (%L) to (%L)',
        name, first::text || '+00', (first + interval '1 month')::text || '+00');
    return true;
end $$;
-- +goose StatementEnd
revoke execute on function portal.create_access_log_month(timestamptz) from public;
grant execute on function portal.create_access_log_month(timestamptz) to oversikt_portal;

-- drop_access_log_before drops the months that had ended when the day began, in UTC, and
-- returns their names. It is for the owner, and whom the owner grants it to.
-- +goose StatementBegin
create function portal.drop_access_log_before(day date) returns setof text
language plpgsql security definer set search_path = '' set lock_timeout = '10s' as $$
declare
    partition text;
begin
    if day is null or day > (now() at time zone 'UTC')::date then
        raise exception 'the day has not come' using errcode = 'invalid_parameter_value';
    end if;
    for partition in
        select c.relname from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'portal.access_log'::regclass
          and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= day
        order by 1
    loop
        execute format('drop table portal.%I', partition);
        return next partition;
    end loop;
end $$;
-- +goose StatementEnd
revoke execute on function portal.drop_access_log_before(date) from public;

select portal.create_access_log_month(now() + n * interval '1 month') from generate_series(0, 1) n;

-- +goose Down
drop function portal.drop_access_log_before(date);
drop function portal.create_access_log_month(timestamptz);
drop table portal.access_log;
drop function portal.access_log_is_append_only();
