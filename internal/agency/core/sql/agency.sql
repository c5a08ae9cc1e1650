-- One row. The name is that of the configuration, which is there also when this is not.
select a.org_number, a.phone, a.email, a.website, a.postal_address, a.domains, a.senders, a.phones, a.accounts
from oversikt.agency a
