-- Whether the power that an act is about has ended. Rides on power_of_attorney_act_act.
select p.revoked_at is not null or p.valid_until < (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date
from portal.power_of_attorney_act l
join portal.power_of_attorney p on p.id = l.power
where l.act = @act
