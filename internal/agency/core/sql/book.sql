-- For the check of an agency's whole book against the law: which cases are open and whose they are, a page
-- at a time. Rides on case (case_number), debtor (debtor_id).
select c.case_number, c.case_id::text, d.national_id
from oversikt.case c
left join oversikt.debtor d on d.debtor_id = c.debtor_id
where c.case_number > @after::text and c.status = 'OPEN'
order by c.case_number
limit @rows::int
