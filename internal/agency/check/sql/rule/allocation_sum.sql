select count(*)
from (select * from oversikt.payment limit @sample) p
join (select x.payment_id, sum(x.amount_ore) as amount_ore
      from oversikt.payment_allocation x
      group by x.payment_id) a on a.payment_id = p.payment_id
where a.amount_ore <> p.amount_ore
