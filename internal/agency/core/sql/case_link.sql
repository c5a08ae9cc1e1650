-- Cases that the person claims: they need not be a debtor here. None belongs to a list of cases. Rides on
-- case_link (national_id).
select x.case_link_id::text, x.case_number, x.statement, x.status, x.requested_at, x.decided_on, x.reply
from oversikt.case_link x
where x.national_id = @national_id::text
  and @case_ids::text[] is null
order by x.requested_at, x.case_link_id
