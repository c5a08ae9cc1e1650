-- One row.
select name, org_number, phone, email, website, postal_address
from oversikt.agency
