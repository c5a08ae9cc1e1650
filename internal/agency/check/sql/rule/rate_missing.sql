select (not exists (select from oversikt.rate r where r.kind = 'LATE_PAYMENT'))::integer
