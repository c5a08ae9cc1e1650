-- Interest that runs from before the first rate, of open and closed cases.
select count(*)
from (select * from oversikt.case limit @sample) c
where c.rate_basis_points is null
  and c.interest_from < (select min(r.valid_from) from oversikt.rate r where r.kind = 'LATE_PAYMENT')
