-- For Query.caseStatus, without login: the status and nothing else. Rides on case (case_number).
select c.status
from oversikt.case c
where c.case_number = @case_number::text
