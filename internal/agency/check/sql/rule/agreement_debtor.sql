-- A case in another debtor's agreement would show one debtor's data to the other.
select count(*)
from (select * from oversikt.agreement_case limit @sample) x
join oversikt.agreement a on a.agreement_id = x.agreement_id
join oversikt.case c on c.case_id = x.case_id
where c.debtor_id <> a.debtor_id
