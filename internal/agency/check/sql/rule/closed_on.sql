select count(*)
from (select * from oversikt.case limit @sample) c
where (c.status = 'CLOSED') <> (c.closed_on is not null)
