-- Keeps a power as it is until the end of the transaction, and says whether an agency can still
-- be told of it.
select revoked_at is null and valid_until >= (@now::timestamptz at time zone 'Europe/Oslo')::date
from portal.power_of_attorney
where id = @id
for no key update
