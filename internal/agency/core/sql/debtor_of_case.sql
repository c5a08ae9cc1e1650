-- For a look-up by staff, and for the access log of what strangers ask for: which case a number is,
-- and whose. Rides on case (case_number), debtor (debtor_id).
select c.case_id::text, d.national_id
from oversikt.case c
left join oversikt.debtor d on d.debtor_id = c.debtor_id
where c.case_number = @case_number::text
