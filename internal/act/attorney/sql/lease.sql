-- Takes what is due, of one power or of all, for a while; nobody else takes it meanwhile.
update portal.power_of_attorney_agency a
set next_at = coalesce(@now::timestamptz, now()) + @lease::interval, attempts = a.attempts + 1
from (
    select d.power, d.agency, d.attempts
    from portal.power_of_attorney_agency d
    where d.next_at <= coalesce(@now::timestamptz, now()) and (@id::uuid is null or d.power = @id)
    order by d.next_at
    limit 50
    for update skip locked
) due, portal.power_of_attorney p
where a.power = due.power and a.agency = due.agency and p.id = a.power
returning a.power, a.agency, a.give_key, a.revoke_key, a.agency_key, a.told_at is not null as told,
    coalesce(a.refusal, '') as refusal, due.attempts as attempts,
    p.sealed, p.org_number, p.agencies, p.covers_all, p.may_act,
    p.valid_from - date '1970-01-01' as valid_from, p.valid_until - date '1970-01-01' as valid_until, p.revoked_at is not null as revoked,
    p.valid_until < (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date as expired
