-- What an agency has been told of the power that an act is about, the newest first. Rides on
-- power_of_attorney_act_act and the primary keys.
select a.id, a.sealed_as, x.state, x.result, x.sent or a.driver is not null as perhaps
from portal.power_of_attorney_act l
join portal.power_of_attorney_act o on o.power = l.power
join portal.act a on a.id = o.act and a.name in ('GIVE_POWER_OF_ATTORNEY', 'INTRODUCE_POWER_OF_ATTORNEY')
join portal.act_agency x on x.act = a.id and x.agency = @agency
where l.act = @act
order by a.created_at desc, a.id = l.power
