-- One row. The name is that of the configuration, which is there also when this is not.
select org_number, phone, email, website, postal_address
from oversikt.agency
