-- Rides on case (debtor_id), creditor (creditor_id).
select cr.creditor_id::text, cr.name, cr.org_number, cr.trade
from oversikt.creditor cr
where cr.creditor_id in (
    select c.creditor_id
    from oversikt.debtor d
    join oversikt.case c on c.debtor_id = d.debtor_id
    where d.national_id = @national_id::text
      and (@case_ids::text[] is null or c.case_id::text = any (@case_ids)))
