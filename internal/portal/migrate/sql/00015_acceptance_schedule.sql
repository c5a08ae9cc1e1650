-- +goose Up
-- What is to be paid when by a solution that was accepted: the debtor reads it until the last
-- day, and nobody else has it. It is sealed, as it tells which cases are whose; it goes when
-- the acceptance is withdrawn. Acceptances from before have none.
alter table portal.acceptance
    add column schedule bytea check (octet_length(schedule) <= 4194304), -- sealed
    add column last_day date,                                            -- of the last payment
    add constraint acceptance_schedule_has_an_end check (schedule is null or last_day is not null),
    add constraint acceptance_schedule_is_withdrawn check (decision is distinct from 'WITHDRAW' or schedule is null),
    -- A solution takes five years at most.
    add constraint acceptance_last_day_is_near check (last_day <= (created_at at time zone 'UTC')::date + 1900);

-- What the last payment is disputed about begins with its day, so the three years do too.
alter table portal.acceptance
    add column kept_from timestamptz generated always as (
        case when ended_at is not null and status = 'CONFIRMED' then greatest(ended_at, last_day::timestamp at time zone 'UTC')
             else ended_at end) stored;
update portal.retention_rule
set age = 'kept_from', reason = 'What was accepted, down to its last payment, can be disputed for three years (foreldelsesloven § 2)'
where name = 'acceptance' and age = 'ended_at';

-- The service has no right to change a schedule, nor how long it is kept. A withdrawal takes
-- it away; one that people pay by stays.
-- +goose StatementBegin
create function portal.withdrawal_takes_the_schedule() returns trigger
language plpgsql set search_path = '' as $$
begin
    new.schedule := null;
    return new;
end $$;
-- +goose StatementEnd
create trigger withdrawal_takes_the_schedule before update on portal.acceptance
    for each row when (new.decision = 'WITHDRAW' and old.decision is distinct from 'CONFIRM')
    execute function portal.withdrawal_takes_the_schedule();

-- +goose Down
drop trigger withdrawal_takes_the_schedule on portal.acceptance;
drop function portal.withdrawal_takes_the_schedule();
update portal.retention_rule
set age = 'ended_at', reason = 'What was accepted can be disputed for three years (foreldelsesloven § 2)'
where name = 'acceptance' and age = 'kept_from';
alter table portal.acceptance drop column kept_from, drop column last_day, drop column schedule;
