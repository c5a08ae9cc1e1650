-- +goose Up
-- What a person has received is looked up also when it has ended: it is registered on them.
drop index portal.power_of_attorney_attorney;
create index power_of_attorney_attorney on portal.power_of_attorney (attorney);

-- +goose Down
drop index portal.power_of_attorney_attorney;
create index power_of_attorney_attorney on portal.power_of_attorney (attorney) where revoked_at is null;
