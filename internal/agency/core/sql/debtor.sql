-- Rides on debtor (national_id), case (debtor_id).
select d.debtor_id::text, d.kind, d.org_number, d.name, d.email, d.phone, d.street_address, d.postal_code,
       d.city, d.language
from oversikt.debtor d
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or exists (
    select from oversikt.case c
    where c.debtor_id = d.debtor_id and c.case_id::text = any (@case_ids)))
order by d.debtor_id
