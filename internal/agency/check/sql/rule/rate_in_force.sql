-- Only future rates: none of the kind would be another breach.
select coalesce(min(r.valid_from) > (now() at time zone 'Europe/Oslo')::date, false)::integer
from oversikt.rate r
where r.kind = 'LATE_PAYMENT'
