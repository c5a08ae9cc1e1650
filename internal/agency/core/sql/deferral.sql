-- Rides on case (debtor_id), deferral (case_id).
select c.case_id::text, x.deferral_id::text, x.status, x.until, x.reason, x.cost_before_ore, x.cost_after_ore,
       x.requested_at, x.decided_on, x.reply
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.deferral x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.requested_at, x.deferral_id
