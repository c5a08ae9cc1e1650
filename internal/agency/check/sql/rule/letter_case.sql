-- A letter with another case's document would show it to the wrong debtor.
select count(*)
from (select * from oversikt.letter limit @sample) l
join oversikt.document d on d.document_id = l.document_id
where d.case_id <> l.case_id
