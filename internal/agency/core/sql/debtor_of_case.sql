-- For a look-up by staff: whose case it is. Rides on case (case_number), debtor (debtor_id).
select d.national_id, c.case_id::text
from oversikt.case c
join oversikt.debtor d on d.debtor_id = c.debtor_id
where c.case_number = @case_number::text
