select count(*)
from (select c.principal_ore,
             (select sum(x.amount_ore) from oversikt.claim_item x where x.case_id = c.case_id) as items_ore
      from (select * from oversikt.case limit @sample) c) s
where s.items_ore <> s.principal_ore
