-- The powers that a person has given or received, in force or not, the newest first. Rides
-- on power_of_attorney_grantor and power_of_attorney_attorney.
select p.id, p.org_number, p.sealed, p.agencies, p.covers_all, p.may_act,
       p.valid_from - date '1970-01-01' as valid_from, p.valid_until - date '1970-01-01' as valid_until,
       p.signed, p.document_type, p.document_size, p.created_at, p.revoked_at,
       (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date - date '1970-01-01' as today
from portal.power_of_attorney p
where p.grantor = any(@people::bytea[]) or p.attorney = any(@people)
order by p.created_at desc, p.id
