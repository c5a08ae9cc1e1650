-- The powers that a person has given, the newest first; with an id or a key, that one alone.
-- Rides on the unique index (grantor, key).
select p.id, p.org_number, p.sealed, p.agencies, p.covers_all, p.may_act,
       p.valid_from - date '1970-01-01' as valid_from, p.valid_until - date '1970-01-01' as valid_until,
       p.signed, p.document_type, p.document_size, p.created_at, p.revoked_at,
       (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date - date '1970-01-01' as today,
       coalesce((select jsonb_agg(jsonb_build_object('agency', a.agency, 'told', a.told_at is not null, 'ended', a.ended_at is not null,
                     'refusal', a.refusal) order by a.agency)
                 from portal.power_of_attorney_agency a where a.power = p.id), '[]') as told
from portal.power_of_attorney p
where p.grantor = @grantor and (@id::uuid is null or p.id = @id) and (@key::uuid is null or p.key = @key)
order by p.created_at desc, p.id
limit 200
