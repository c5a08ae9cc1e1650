-- Those that the person has given, and those that they hold: of these nothing that is
-- another's, neither the giver nor the cases. None belongs to a list of cases. Rides on
-- power_of_attorney (debtor_id), power_of_attorney (attorney_national_id),
-- power_of_attorney_case (power_of_attorney_id).
select p.power_of_attorney_id::text as id, false as held, p.attorney_name, p.attorney_org_number,
       p.may_act, p.all_cases,
       array(select x.case_id::text from oversikt.power_of_attorney_case x
             where x.power_of_attorney_id = p.power_of_attorney_id order by x.case_id::text) as cases,
       p.valid_from, p.valid_until, p.revoked_at
from oversikt.debtor d
join oversikt.power_of_attorney p on p.debtor_id = d.debtor_id
where d.national_id = @national_id::text
  and @case_ids::text[] is null
union all
select p.power_of_attorney_id::text, true, p.attorney_name, null, p.may_act, p.all_cases, '{}',
       p.valid_from, p.valid_until, p.revoked_at
from oversikt.power_of_attorney p
where p.attorney_national_id = @national_id::text
  and @case_ids::text[] is null
order by held, valid_from, id
