select count(*)
from (select * from oversikt.scheduled_cost limit @sample) s
join oversikt.case c using (case_id)
where c.status = 'CLOSED' and s.scheduled_on > c.closed_on
