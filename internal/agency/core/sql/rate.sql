-- The whole table: two rows a year.
select kind, valid_from, basis_points, source
from oversikt.rate
order by kind, valid_from
