-- Adds the agencies that are to be told; those that are there stay as they are.
insert into portal.power_of_attorney_agency (power, agency, give_key, revoke_key, next_at)
select p.id, agency, gen_random_uuid(), gen_random_uuid(), coalesce(@now::timestamptz, now())
from portal.power_of_attorney p, unnest(@codes::text[]) agency
where p.id = @id
on conflict (power, agency) do nothing
