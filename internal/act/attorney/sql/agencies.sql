-- The agencies that have been asked to take a power up and have not refused. Rides on the
-- primary keys.
select distinct x.agency
from portal.power_of_attorney_act l
join portal.act a on a.id = l.act and a.name in ('GIVE_POWER_OF_ATTORNEY', 'INTRODUCE_POWER_OF_ATTORNEY')
join portal.act_agency x on x.act = a.id
where l.power = @id and x.state in ('PENDING', 'DONE')
order by x.agency
