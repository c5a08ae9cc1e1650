-- The same of invoices.
select count(*)
from (select * from oversikt.claim_item limit @sample) x
where x.rate_basis_points is null
  and x.interest_from < (select min(r.valid_from) from oversikt.rate r where r.kind = 'LATE_PAYMENT')
