-- +goose Up
-- The service may write when a power of attorney was revoked. It must never take that back:
-- somebody would see again what the debtor has closed.
-- +goose StatementBegin
create function portal.power_of_attorney_is_revoked_once() returns trigger
language plpgsql set search_path = '' as $$
begin
    raise exception 'a power of attorney that was revoked stays so' using errcode = 'insufficient_privilege';
end $$;
-- +goose StatementEnd
create trigger revoked_once before update on portal.power_of_attorney
    for each row when (old.revoked_at is not null and new is distinct from old)
    execute function portal.power_of_attorney_is_revoked_once();

-- +goose Down
drop trigger revoked_once on portal.power_of_attorney;
drop function portal.power_of_attorney_is_revoked_once();
