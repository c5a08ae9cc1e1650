select count(*)
from (select * from oversikt.power_of_attorney limit @sample) p
where num_nonnulls(p.attorney_national_id, p.attorney_org_number) <> 1
