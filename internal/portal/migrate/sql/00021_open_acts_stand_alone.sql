-- +goose Up

-- One at a time, until it has ended: while people look into an act that is confirmed somewhere,
-- a second one would contradict it. Where two are open already, the newest stands in the way.
update portal.act a set alone = false
from (select id, row_number() over (partition by subject, name order by created_at desc, id) as place
      from portal.act
      where alone and ended_at is null and decision is distinct from 'WITHDRAW') open
where a.id = open.id and open.place > 1;

drop index portal.act_alone;
create unique index act_alone on portal.act (subject, name)
    where alone and ended_at is null and decision is distinct from 'WITHDRAW';

-- +goose Down

drop index portal.act_alone;
create unique index act_alone on portal.act (subject, name)
    where alone and status = 'PENDING' and decision is distinct from 'WITHDRAW';
