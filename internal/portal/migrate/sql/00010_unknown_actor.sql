-- +goose Up
-- Somebody who tried the letter of a case with a wrong password is in the log too. Who it
-- was is not known, and they are no actor with a reference.
alter table portal.access_log
    drop constraint access_log_actor_kind_check,
    drop constraint access_log_check,
    add constraint access_log_actor_kind_check
        check (actor_kind in ('PERSON', 'CASE_LOGIN', 'ATTORNEY', 'CASE_WORKER', 'SUPERVISOR', 'AUDITOR', 'SYSTEM', 'UNKNOWN')),
    add constraint access_log_actor_or_not_check check ((actor is null) = (actor_kind in ('SYSTEM', 'UNKNOWN')));

-- +goose Down
alter table portal.access_log
    drop constraint access_log_actor_kind_check,
    drop constraint access_log_actor_or_not_check,
    add constraint access_log_actor_kind_check
        check (actor_kind in ('PERSON', 'CASE_LOGIN', 'ATTORNEY', 'CASE_WORKER', 'SUPERVISOR', 'AUDITOR', 'SYSTEM')) not valid,
    add constraint access_log_check check ((actor is null) = (actor_kind = 'SYSTEM')) not valid;
