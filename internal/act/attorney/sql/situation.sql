-- How many powers the grantor has in force or has given in the last day. Rides on
-- power_of_attorney_grantor.
select count(*) filter (where revoked_at is null and valid_until >= (@now::timestamptz at time zone 'Europe/Oslo')::date),
       count(*) filter (where created_at > @now::timestamptz - interval '1 day')
from portal.power_of_attorney
where grantor = any(@people::bytea[])
