-- Rides on budget_subject.
select id, household, shared, saved_at
from portal.budget
where subject = any(@subjects::bytea[])
