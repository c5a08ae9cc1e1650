-- Whom a member of staff has looked up of late, the latest first. Rides on the primary key.
select person, reason
from portal.staff_lookup
where actor = any(@actors::bytea[]) and agency = @agency and at >= @since
order by at desc
limit @most
