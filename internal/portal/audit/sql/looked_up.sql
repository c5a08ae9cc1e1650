-- Whom a member of staff has looked up of late, the latest first. Rides on the primary key.
select subject, person, reason
from portal.staff_lookup
where actor = @actor and agency = @agency and at >= @since
order by at desc
limit @most
