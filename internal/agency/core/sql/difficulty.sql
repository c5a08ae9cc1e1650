-- Rides on debtor (national_id), difficulty (debtor_id).
select d.debtor_id::text, x.kinds, x.interpreter_language, x.statement, x.contact_channel, x.contact_from, x.contact_until,
       x.declared_at, x.until
from oversikt.debtor d
join oversikt.difficulty x on x.debtor_id = d.debtor_id
where d.national_id = @national_id::text
  and @case_ids::text[] is null
order by d.debtor_id
