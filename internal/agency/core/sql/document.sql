-- Rides on case (debtor_id), document (case_id), letter (case_id).
select c.case_id::text, x.document_id::text, x.title, x.media_type, x.byte_size, x.created_at,
       (select min(l.letter_id::text) from oversikt.letter l
        where l.case_id = c.case_id and l.document_id = x.document_id)
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.document x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.created_at, x.document_id
