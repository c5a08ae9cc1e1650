-- Rides on case (debtor_id), payment (case_id), payment_allocation (payment_id).
select c.case_id::text, x.payment_id::text, x.component, x.amount_ore
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.payment p on p.case_id = c.case_id
join oversikt.payment_allocation x on x.payment_id = p.payment_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, p.received_on, p.payment_id
