-- Adds agencies that were connected after a power that covers all was given.
insert into portal.power_of_attorney_agency (power, agency, give_key, revoke_key, next_at)
select p.id, agency, gen_random_uuid(), gen_random_uuid(), coalesce(@now::timestamptz, now())
from portal.power_of_attorney p, unnest(@codes::text[]) agency
where p.covers_all and p.revoked_at is null and p.valid_until >= (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date
on conflict (power, agency) do nothing
