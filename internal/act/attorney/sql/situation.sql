-- What date it is, and how many powers the grantor has in force or has given in the last
-- day. Rides on the unique index (grantor, key).
select (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date - date '1970-01-01',
       count(*) filter (where revoked_at is null and valid_until >= (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date),
       count(*) filter (where created_at > coalesce(@now::timestamptz, now()) - interval '1 day')
from portal.power_of_attorney
where grantor = @grantor
