-- Rides on case (debtor_id), payment (case_id).
select c.case_id::text, x.payment_id::text, x.amount_ore, x.received_on, x.registered_at, x.channel
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.payment x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.received_on, x.payment_id
