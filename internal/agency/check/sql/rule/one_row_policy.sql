select (count(*) <> 1)::integer from (select from oversikt.policy limit 2) p
