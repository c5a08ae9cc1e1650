-- One power, if it is in force now and the caller's. Rides on the primary key.
select p.id, p.org_number, p.sealed, p.agencies, p.covers_all, p.may_act,
       p.valid_from - date '1970-01-01' as valid_from, p.valid_until - date '1970-01-01' as valid_until,
       p.signed, p.document_type, p.document_size, p.created_at, p.revoked_at,
       (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date - date '1970-01-01' as today
from portal.power_of_attorney p
where p.id = @id and (p.attorney = any(@people::bytea[]) or p.org_number = @org_number) and p.revoked_at is null
  and (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date between p.valid_from and p.valid_until
