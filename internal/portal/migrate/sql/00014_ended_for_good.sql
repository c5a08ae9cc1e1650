-- +goose Up
-- The retention schedule counts from the day on which something ended. The service writes
-- that day, so it must not be able to make it an earlier one and have the rest deleted.
-- +goose StatementBegin
create function portal.ended_stays() returns trigger
language plpgsql set search_path = '' as $$
begin
    raise exception 'what has ended stays so' using errcode = 'insufficient_privilege';
end $$;
-- +goose StatementEnd
create trigger ended_stays before update on portal.acceptance
    for each row when (old.ended_at is not null and new.ended_at is distinct from old.ended_at)
    execute function portal.ended_stays();
create trigger ended_stays before update on portal.privacy_request
    for each row when (old.answered_at is not null and new.answered_at is distinct from old.answered_at)
    execute function portal.ended_stays();
alter table portal.acceptance add constraint acceptance_ends_after_it_began check (ended_at >= created_at);
alter table portal.privacy_request add constraint privacy_request_is_answered_later check (answered_at >= submitted_at);

-- +goose Down
alter table portal.privacy_request drop constraint privacy_request_is_answered_later;
alter table portal.acceptance drop constraint acceptance_ends_after_it_began;
drop trigger ended_stays on portal.privacy_request;
drop trigger ended_stays on portal.acceptance;
drop function portal.ended_stays();
