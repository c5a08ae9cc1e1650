-- +goose Up
-- Powers of attorney and privacy requests are acts now: what they are stays in their own
-- tables, under the id of the act, and what agencies were told of a power is in the acts.
alter table portal.power_of_attorney add column revoked_by uuid; -- the act
create table portal.power_of_attorney_act (
    power uuid not null references portal.power_of_attorney on delete cascade,
    act   uuid not null references portal.act on delete cascade,
    primary key (power, act)
);
create index power_of_attorney_act_act on portal.power_of_attorney_act (act);

-- A key counted for one kind of act; now it counts for all of a person's. Where it was used
-- for another one too, the later of them gets a new one.
insert into portal.act (id, subject, key, name, reach, cases, status, created_at, until, ended_at, rests, sealed_as)
select p.id, p.grantor,
       case when exists (select from portal.act a where a.subject = p.grantor and a.key = p.key) then gen_random_uuid() else p.key end,
       'GIVE_POWER_OF_ATTORNEY', 'EACH', '{}', 'DONE', p.created_at,
       (p.valid_until + 1)::timestamp at time zone 'Europe/Oslo', p.created_at, p.valid_until, 'open'
from portal.power_of_attorney p;
alter table portal.power_of_attorney disable trigger revoked_once;
update portal.power_of_attorney set revoked_by = gen_random_uuid() where revoked_at is not null;
alter table portal.power_of_attorney enable trigger revoked_once;
insert into portal.act (id, subject, key, name, reach, cases, status, created_at, until, ended_at, sealed_as)
select p.revoked_by, p.grantor,
       case when exists (select from portal.act a where a.subject = p.grantor and a.key = p.revocation_key)
            then gen_random_uuid() else p.revocation_key end,
       'REVOKE_POWER_OF_ATTORNEY', 'EACH', '{}', 'DONE', p.revoked_at, p.revoked_at + interval '3 days', p.revoked_at, 'open'
from portal.power_of_attorney p
where p.revoked_at is not null;
insert into portal.power_of_attorney_act (power, act)
select id, id from portal.power_of_attorney
union all
select id, revoked_by from portal.power_of_attorney where revoked_by is not null;

-- What an agency has not answered stays PENDING in an act that has ended: it is told by a new
-- act, under the same key.
insert into portal.act_agency (act, position, agency, key, state, reason, sent, result, changed_at)
select p.id, row_number() over (partition by p.id order by a.agency), a.agency, a.give_key,
       case when a.agency_key is not null then 'DONE'
            when p.revoked_at is not null and (a.refusal = 'NOT_NEEDED' or a.refusal is null and a.attempts = 0) then 'WITHDRAWN'
            when a.refusal is not null then 'REFUSED'
            else 'PENDING' end,
       case when a.agency_key is not null then ''
            when a.refusal = 'REFUSED' then 'OTHER'
            when p.revoked_at is not null and (a.refusal = 'NOT_NEEDED' or a.attempts = 0) then 'NOT_NEEDED'
            when a.refusal = 'NOT_NEEDED' then 'NOT_FOUND'
            else '' end,
       a.attempts > 0,
       case when a.agency_key is not null
            then convert_to(jsonb_build_object('power_of_attorney_id', a.agency_key)::text, 'UTF8') end,
       coalesce(a.told_at, p.created_at)
from portal.power_of_attorney_agency a join portal.power_of_attorney p on p.id = a.power;
insert into portal.act_agency (act, position, agency, key, state, reason, sent, changed_at)
select p.revoked_by, row_number() over (partition by p.id order by a.agency), a.agency, a.revoke_key,
       case when a.ended_at is not null then 'DONE' else 'PENDING' end, '', true, coalesce(a.ended_at, p.revoked_at)
from portal.power_of_attorney_agency a join portal.power_of_attorney p on p.id = a.power
where p.revoked_by is not null and a.agency_key is not null;
drop table portal.power_of_attorney_agency;

-- Their keys, and the constraints on them, go with the columns.
alter table portal.power_of_attorney
    drop column key,
    drop column revocation_key,
    add check ((revoked_at is null) = (revoked_by is null));
create index power_of_attorney_grantor on portal.power_of_attorney (grantor, created_at);
create index power_of_attorney_until on portal.power_of_attorney (valid_until);
grant update (revoked_by) on portal.power_of_attorney to oversikt_portal;
grant select, insert on portal.power_of_attorney_act to oversikt_portal;

insert into portal.act (id, subject, key, name, reach, cases, status, created_at, until, ended_at, sealed_as)
select q.id, q.subject,
       case when exists (select from portal.act a where a.subject = q.subject and a.key = q.key) then gen_random_uuid() else q.key end,
       'SUBMIT_PRIVACY_REQUEST', 'HERE', '{}', 'DONE', q.submitted_at, q.submitted_at, q.submitted_at, 'open'
from portal.privacy_request q;
alter table portal.privacy_request drop column key;
create index privacy_request_subject on portal.privacy_request (subject, submitted_at);

-- +goose Down
-- +goose StatementBegin
do $$
begin
    raise exception 'acts cannot be taken back to the tables of before: restore the backup';
end $$;
-- +goose StatementEnd
