-- Rides on debtor (national_id), case (debtor_id).
select c.case_id::text, c.case_number, c.debtor_id::text, c.creditor_id::text, c.status, c.phase,
       c.legal_step, c.description, c.creditor_reference, c.opened_on, c.due_on, c.closed_on,
       c.principal_ore, c.prior_interest_ore, c.interest_from, c.rate_basis_points,
       c.agreement_from, coalesce(c.agreement_group, '') as agreement_group, c.kid, c.account, c.payee, d.kind, d.language
from oversikt.debtor d
join oversikt.case c on c.debtor_id = d.debtor_id
where d.national_id = @national_id::text
  and (@case_ids::text[] is null or c.case_id::text = any (@case_ids))
order by c.case_id
