select (count(*) <> 1)::integer from (select from oversikt.agency limit 2) a
