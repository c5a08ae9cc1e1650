-- Rides on debtor (national_id).
select d.debtor_id::text, d.kind, d.org_number, d.name, d.email, d.phone, d.street_address, d.postal_code,
       d.city, d.language
from oversikt.debtor d
where d.national_id = @national_id::text
order by d.debtor_id
