-- What agencies are still to be told, and no act under way tells them: of powers in force that
-- cover them and that they have not heard of, or that were of somebody they did not know a day
-- ago; and of revocations that passed by the telling. What an earlier version left PENDING in an
-- act that has ended may have arrived, under its key. Rides on power_of_attorney_until.
select p.id, p.sealed, c.agency, coalesce(given.state = 'DONE', false) as recalls,
       case when given.state = 'DONE' then case when ended.state = 'PENDING' then ended.key end
            when given.state = 'PENDING' and given.sent then given.key end as before
from portal.power_of_attorney p
cross join unnest(@codes::text[]) as c (agency)
left join lateral (
    select x.state, x.reason, x.changed_at, x.key, x.sent, a.ended_at
    from portal.power_of_attorney_act l
    join portal.act a on a.id = l.act and a.name in ('GIVE_POWER_OF_ATTORNEY', 'INTRODUCE_POWER_OF_ATTORNEY')
    join portal.act_agency x on x.act = a.id and x.agency = c.agency
    where l.power = p.id
    order by a.created_at desc, a.id = p.id
    limit 1) given on true
left join lateral (
    select x.state, x.reason, x.changed_at, x.key, a.ended_at
    from portal.power_of_attorney_act l
    join portal.act a on a.id = l.act and a.name in ('REVOKE_POWER_OF_ATTORNEY', 'RECALL_POWER_OF_ATTORNEY')
    join portal.act_agency x on x.act = a.id and x.agency = c.agency
    where l.power = p.id and p.revoked_at is not null
    order by a.created_at desc, a.id = p.revoked_by
    limit 1) ended on true
where p.valid_until >= (coalesce(@now::timestamptz, now()) at time zone 'Europe/Oslo')::date
  and case
      when given.state = 'PENDING' then given.ended_at is not null and (p.revoked_at is null or given.sent)
      when given.state = 'DONE' then p.revoked_at is not null and (
          ended.state is null or ended.state = 'PENDING' and ended.ended_at is not null
          or ended.state = 'REFUSED' and ended.reason <> 'NOT_FOUND'
             and ended.changed_at <= coalesce(@now::timestamptz, now()) - interval '1 day')
      when p.revoked_at is not null then false
      when given.state is null then p.covers_all or c.agency = any (p.agencies)
      else given.state = 'REFUSED' and given.reason = 'NOT_FOUND'
           and given.changed_at <= coalesce(@now::timestamptz, now()) - interval '1 day'
      end
order by p.created_at, p.id, c.agency
limit 100
