-- +goose Up
-- Questions, demands and complaints about processing. Whom they are from is a keyed hash;
-- what is written, and the number that an agency needs to find the person, is sealed.
create table portal.privacy_request (
    id           uuid primary key,
    subject      bytea not null check (octet_length(subject) = 32),
    key          uuid not null,                     -- the caller's idempotency key
    kind         text not null check (kind in ('ACCESS', 'RECTIFICATION', 'ERASURE', 'RESTRICTION', 'OBJECTION', 'QUESTION', 'COMPLAINT')),
    agency       text check (length(agency) <= 20), -- null: the portal
    text         bytea not null,                    -- sealed
    person       bytea,                             -- sealed; null: the portal needs no number
    submitted_at timestamptz not null,
    answer_by    date not null,
    status       text not null check (status in ('RECEIVED', 'EXTENDED', 'ANSWERED')),
    answered_at  timestamptz,
    reply        bytea,                             -- sealed
    unique (subject, key),
    check ((person is null) = (agency is null)),
    check ((status = 'ANSWERED') = (answered_at is not null)),
    check (status = 'RECEIVED' or reply is not null)
);
create index privacy_request_open on portal.privacy_request (answer_by) where answered_at is null;
grant select, insert, update (status, answer_by, answered_at, reply) on portal.privacy_request to oversikt_portal;

-- The retention schedule: what is deleted, and how many days after what. A rule names a
-- table, its column of time and a condition, or a function that deletes what is older than
-- a day. Only the owner changes it; the service enforces it through portal.retain, and so
-- can delete nothing that the schedule keeps.
create table portal.retention_rule (
    name      text primary key check (name ~ '^[a-z_]{1,40}$'),
    relation  text,
    age       text,                        -- the column that days are counted from
    condition text not null default 'true',
    routine   text,
    days      integer not null check (days between 1 and 3650),
    reason    text not null,
    check ((routine is null) = (relation is not null)),
    check ((relation is null) = (age is null))
);
grant select on portal.retention_rule to oversikt_portal;

insert into portal.retention_rule (name, relation, age, routine, days, reason) values
    ('access_log', null, null, 'portal.drop_access_log_before', 730,
     'To show who looked at what (GDPR art. 5(2), 15 and 32); whole months are deleted'),
    ('acceptance', 'portal.acceptance', 'ended_at', null, 1095,
     'What was accepted can be disputed for three years (foreldelsesloven § 2)'),
    ('privacy_request', 'portal.privacy_request', 'answered_at', null, 1095,
     'That it was answered, and how, can be disputed for three years (GDPR art. 5(2), foreldelsesloven § 9)'),
    ('retention_run', 'portal.retention_run', 'ran_at', null, 1095,
     'To show that this schedule was kept (GDPR art. 5(2))'),
    ('session', 'portal.session', 'expires_at', null, 1,
     'Nobody can use it any more; this is the second net behind the service''s own clean-up');

-- One row for each rule of a run.
create table portal.retention_run (
    ran_at  timestamptz not null,
    rule    text not null,
    deleted bigint not null,
    primary key (ran_at, rule)
);
grant select, insert on portal.retention_run to oversikt_portal;

-- retain deletes what a rule says has been kept long enough, at most so many rows, and
-- returns how many; a rule of a table that is not there deletes nothing. No instant ahead
-- of the database's clock makes anything older than it is.
-- +goose StatementBegin
create function portal.retain(rule text, as_of timestamptz, most integer) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
    r portal.retention_rule;
    before timestamptz;
    deleted bigint;
begin
    if as_of is null or most is null or most < 1 then
        raise exception 'an instant and a number of rows are needed' using errcode = 'invalid_parameter_value';
    end if;
    select * into strict r from portal.retention_rule x where x.name = rule;
    before := least(as_of, now()) - make_interval(days => r.days);
    if r.routine is not null then
        if to_regprocedure(r.routine || '(date)') is null then
            return 0;
        end if;
        execute format('select count(*) from %s($1)', r.routine) into deleted using (before at time zone 'UTC')::date;
        return deleted;
    end if;
    if to_regclass(r.relation) is null then
        return 0;
    end if;
    execute format('delete from %1$s where ctid = any (array(select ctid from %1$s where %2$I < $1 and (%3$s) limit $2))',
        to_regclass(r.relation), r.age, r.condition) using before, most;
    get diagnostics deleted = row_count;
    return deleted;
end $$;
-- +goose StatementEnd
revoke execute on function portal.retain(text, timestamptz, integer) from public;
grant execute on function portal.retain(text, timestamptz, integer) to oversikt_portal;

-- +goose Down
drop function portal.retain(text, timestamptz, integer);
drop table portal.retention_run;
drop table portal.retention_rule;
drop table portal.privacy_request;
