-- Rides on case (debtor_id), claim_item (case_id).
select c.case_id::text, x.item_id::text, x.number, x.invoice_number, x.issued_on, x.due_on, x.amount_ore, x.interest_from,
       x.rate_basis_points, x.document_id::text
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
join oversikt.claim_item x on x.case_id = c.case_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id, x.due_on, x.number
