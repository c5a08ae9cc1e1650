-- For what the check of the book has found: whose the cases are now. Rides on case (case_number),
-- debtor (debtor_id).
select c.case_number, c.case_id::text, d.national_id
from oversikt.case c
left join oversikt.debtor d on d.debtor_id = c.debtor_id
where c.case_number = any (@numbers::text[])
order by c.case_number
