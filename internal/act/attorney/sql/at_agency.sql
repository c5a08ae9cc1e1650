-- A power by its id, for staff of an agency that it covers. Rides on the primary key.
select p.id, p.org_number, p.sealed, p.agencies, p.covers_all, p.may_act,
       p.valid_from - date '1970-01-01' as valid_from, p.valid_until - date '1970-01-01' as valid_until,
       p.signed, p.document_type, p.document_size, p.created_at, p.revoked_at, p.revoked_by,
       (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date - date '1970-01-01' as today
from portal.power_of_attorney p
where p.id = @id
