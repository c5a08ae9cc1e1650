-- The powers that a person has given, the newest first; with an id, or an act that is about
-- it, that one alone. Rides on power_of_attorney_grantor, and on the primary keys of the rest.
select p.id, p.org_number, p.sealed, p.agencies, p.covers_all, p.may_act,
       p.valid_from - date '1970-01-01' as valid_from, p.valid_until - date '1970-01-01' as valid_until,
       p.signed, p.document_type, p.document_size, p.created_at, p.revoked_at, p.revoked_by,
       (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date - date '1970-01-01' as today,
       coalesce((select jsonb_agg(jsonb_build_object('agency', x.agency, 'state', x.state, 'reason', x.reason,
                     'revokes', a.name in ('REVOKE_POWER_OF_ATTORNEY', 'RECALL_POWER_OF_ATTORNEY')) order by a.created_at, a.id <> p.id)
                 from portal.power_of_attorney_act l
                 join portal.act a on a.id = l.act
                 join portal.act_agency x on x.act = a.id
                 where l.power = p.id), '[]') as told
from portal.power_of_attorney p
where p.grantor = any(@people::bytea[]) and (@id::uuid is null or p.id = @id)
  and (@act::uuid is null or p.id in (select l.power from portal.power_of_attorney_act l where l.act = @act))
order by p.created_at desc, p.id
limit 200
