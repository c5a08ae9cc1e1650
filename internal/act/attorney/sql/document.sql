-- One power with the document that it was signed on: of its giver, or for staff anybody's.
-- Rides on the primary key.
select p.id, p.org_number, p.sealed, p.agencies, p.covers_all, p.may_act,
       p.valid_from - date '1970-01-01' as valid_from, p.valid_until - date '1970-01-01' as valid_until,
       p.signed, p.document_type, p.document_size, p.created_at, p.revoked_at,
       (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date - date '1970-01-01' as today, p.document
from portal.power_of_attorney p
where p.id = @id and (p.grantor = any(@people::bytea[]) or @staff::boolean) and p.document is not null
