-- Says which power an act is about.
insert into portal.power_of_attorney_act (power, act) values (@id, @act)
