-- The contract on the core that keeps books: views alone.
--
-- A key is office and serial with a dash between them, written as tables.sql has indexed it. A day of
-- 0 is none. A code is looked up, and passed on as it is where the list does not have it.
--
-- Kroner have four decimals, and the contract has øre. They are rounded in one place: the sum of a
-- voucher's postings on an account, half away from zero. A case's amounts are sums of what was rounded
-- there, so the parts that a debtor sees add up. Nothing else is rounded, but amounts outside of the
-- journal, each by itself.
--
-- Rows that are marked as deleted are left out, and so is what belongs to a case that is: by a scalar
-- subquery, which keeps the reads on their indexes.

create schema oversikt;

-- What is owed in a case on a day, in øre; nothing once it is closed. Interest is simple, per day, on what is left of
-- the principal. Costs of collection and standard compensation are not both owed, but the greater of them.
create function journal.owed(which text, until date) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return (
        with claim as (
            select i.amount_ore, i.interest_from, i.rate_basis_points,
                   sum(i.amount_ore) over (order by i.number) - i.amount_ore as earlier
            from oversikt.claim_item i
            where i.case_id = which
            union all
            select c.principal_ore, c.interest_from, c.rate_basis_points, 0
            from oversikt.case c
            where c.case_id = which and not exists (select from oversikt.claim_item i where i.case_id = which)
        ),
        rate as materialized (select r.valid_from, r.basis_points from oversikt.rate r where r.kind = 'LATE_PAYMENT'),
        paid as materialized (
            select p.received_on, p.amount_ore,
                   p.amount_ore - coalesce((select sum(a.amount_ore) from oversikt.payment_allocation a
                                            where a.payment_id = p.payment_id and a.component <> 'PRINCIPAL'), 0) as principal_ore
            from oversikt.payment p
            where p.case_id = which and p.received_on <= until
        ),
        borne as (
            select greatest(x.amount_ore - greatest(coalesce((select sum(p.principal_ore) from paid p where p.received_on <= d.day), 0)
                                                    - x.earlier, 0), 0)
                   * coalesce(x.rate_basis_points, (select r.basis_points from rate r where r.valid_from <= d.day
                                                    order by r.valid_from desc limit 1), 0) as units
            from claim x
            cross join lateral (select g::date as day from generate_series(x.interest_from, until - 1, interval '1 day') g) d
        ),
        fee as (
            select greatest(coalesce(sum(f.amount_ore) filter (where f.kind = 'STANDARD_COMPENSATION'), 0),
                            coalesce(sum(f.amount_ore) filter (where f.kind in ('REMINDER', 'COLLECTION_WARNING', 'PAYMENT_DEMAND',
                                'LIGHT_FEE', 'HEAVY_FEE', 'AGREEMENT_SETUP_FEE')), 0))
                   + coalesce(sum(f.amount_ore) filter (where f.kind not in ('STANDARD_COMPENSATION', 'REMINDER',
                                'COLLECTION_WARNING', 'PAYMENT_DEMAND', 'LIGHT_FEE', 'HEAVY_FEE', 'AGREEMENT_SETUP_FEE')), 0) as ore
            from oversikt.fee f
            where f.case_id = which and f.incurred_on <= until and coalesce(f.waived_on > until, true)
        )
        select greatest(c.principal_ore + c.prior_interest_ore + (select coalesce(floor(sum(b.units) / 3650000), 0) from borne b)
                        + (select f.ore from fee f) - coalesce((select sum(p.amount_ore) from paid p), 0), 0)
        from oversikt.case c
        where c.case_id = which and c.status = 'OPEN');
end
$$;

-- Agreements with an instalment that was not paid in time, and the day on which that breaks them. Nothing is
-- late in a case that is disputed, nor where nothing is owed. The views look one up by its key: OFFSET 0 keeps it so.
create view journal.late as
select a.office::text || '-' || a.serial::text as agreement, a.office, a.serial, a.proposal, to_date(a.agreed_on::text, 'YYYYMMDD') as agreed_on,
       i.due + 1 as warned_on, i.due + a.grace + 1 as breach_on
from journal.agreement a
cross join lateral (
    select min(to_date(x.due_on::text, 'YYYYMMDD')) as due
    from journal.instalment x
    where (x.office, x.serial) = (a.office, a.serial) and to_date(x.due_on::text, 'YYYYMMDD') < journal.today()
      and (x.paid_on = 0 or to_date(x.paid_on::text, 'YYYYMMDD') > to_date(x.due_on::text, 'YYYYMMDD') + a.grace)) i
where a.status = 'A' and a.agreed_on > 0 and i.due is not null
  and not exists (select from journal.agreement_case x
                  join journal.objection o on (o.case_office, o.case_serial) = (x.case_office, x.case_serial)
                  where (x.office, x.serial) = (a.office, a.serial) and o.status in ('M', 'B'))
  and exists (select from journal.agreement_case x
              where (x.office, x.serial) = (a.office, a.serial)
                and journal.owed(x.case_office::text || '-' || x.case_serial::text, least(journal.today(), i.due + a.grace)) > 0);

create view oversikt.agency as
select 2 as contract_version, name, org_number, phone, email, website, postal_address,
       (select array_agg(value order by value) from journal.channel where code = '1') as domains,
       (select array_agg(value order by value) from journal.channel where code = '2') as senders,
       (select array_agg(value order by value) from journal.channel where code = '3') as phones,
       (select array_agg(value order by value) from journal.channel where code = '4') as accounts
from journal.agency;

create view oversikt.faq as
select q.key as faq_key, coalesce(l.means, q.language) as language, q.asked as question, q.answered as answer
from journal.question q
left join journal.code l on l.list = 'language' and l.code = q.language
where q.replaced is null;

create view oversikt.policy as
select coalesce((select k.means from journal.code k where k.list = 'imputation' and k.code = x.imputation), x.imputation) as imputation,
       round(x.min_instalment * 100)::bigint as min_instalment_ore, x.max_instalments::integer as max_instalments,
       round(x.instalment_fee * 100)::bigint as instalment_fee_ore, round(x.setup_fee * 100)::bigint as setup_fee_ore,
       x.setup_free::integer as setup_free_instalments, x.max_deferral::integer as max_deferral_days,
       round(x.deferral_fee * 100)::bigint as deferral_fee_ore, x.joint as joint_agreements, x.stops_costs as agreement_stops_costs,
       x.plan_most::integer as plan_longest, x.grace::integer as plan_grace_days, x.skips::integer as plan_skips, x.again as plan_after_breach
from journal.policy x;

create view oversikt.rate as
select coalesce((select k.means from journal.code k where k.list = 'rate' and k.code = x.kind), x.kind) as kind,
       to_date(x.valid_from::text, 'YYYYMMDD') as valid_from, round(x.percent * 100)::integer as basis_points, x.source
from journal.rate x;

create view oversikt.creditor as
select x.creditor as creditor_id, x.name, x.org_number,
       coalesce((select k.means from journal.code k where k.list = 'trade' and k.code = x.trade), x.trade) as trade
from journal.creditor x;

create view oversikt.debtor as
select x.office::text || '-' || x.serial::text as debtor_id,
       coalesce((select k.means from journal.code k where k.list = 'debtor' and k.code = x.kind), x.kind) as kind,
       x.national_id, x.org_number, x.name, x.email, x.phone, x.street as street_address, x.postal_code, x.city,
       coalesce((select k.means from journal.code k where k.list = 'language' and k.code = x.language), x.language) as language
from journal.debtor x
where x.deleted_at is null;

create view oversikt.case as
select x.office::text || '-' || x.serial::text as case_id, x.number as case_number,
       x.debtor_office::text || '-' || x.debtor_serial::text as debtor_id, x.creditor as creditor_id,
       case when x.closed_on = 0 then 'OPEN' when x.closed_on > 0 then 'CLOSED' end as status,
       coalesce((select k.means from journal.code k where k.list = 'phase' and k.code = x.phase), x.phase) as phase,
       coalesce((select k.means from journal.code k where k.list = 'step' and k.code = x.step), x.step) as legal_step,
       x.description, x.creditor_ref as creditor_reference, to_date(x.opened_on::text, 'YYYYMMDD') as opened_on,
       to_date(nullif(x.due_on, 0)::text, 'YYYYMMDD') as due_on, to_date(nullif(x.closed_on, 0)::text, 'YYYYMMDD') as closed_on,
       coalesce((select sum((select round(sum(p.amount) * 100)::bigint from journal.posting p
        where p.office = v.office and p.voucher = v.serial and p.booked_on = v.booked_on and p.account = 1500))::bigint
                 from journal.voucher v
                 where v.case_office = x.office and v.case_serial = x.serial and v.kind in ('K', 'C') and v.deleted_at is null), 0) as principal_ore,
       coalesce((select sum((select round(sum(p.amount) * 100)::bigint from journal.posting p
        where p.office = v.office and p.voucher = v.serial and p.booked_on = v.booked_on and p.account = 1510))::bigint
                 from journal.voucher v
                 where v.case_office = x.office and v.case_serial = x.serial and v.kind = 'R' and v.deleted_at is null), 0) as prior_interest_ore,
       to_date(nullif(x.interest_from, 0)::text, 'YYYYMMDD') as interest_from, round(nullif(x.percent, 0) * 100)::integer as rate_basis_points,
       to_date(nullif(x.agreement_from, 0)::text, 'YYYYMMDD') as agreement_from, x.agreement_group, x.kid, x.account, x.payee
from journal.case x
where x.deleted_at is null;

-- A case with one invoice is one claim.
create view oversikt.claim_item as
select v.office::text || '-' || v.serial::text as item_id, v.case_office::text || '-' || v.case_serial::text as case_id,
       v.place::integer as number, v.invoice as invoice_number,
       to_date(nullif(v.issued_on, 0)::text, 'YYYYMMDD') as issued_on, to_date(nullif(v.due_on, 0)::text, 'YYYYMMDD') as due_on,
       (select round(sum(p.amount) * 100)::bigint from journal.posting p
        where p.office = v.office and p.voucher = v.serial and p.booked_on = v.booked_on and p.account = 1500)
       + coalesce((select sum((select round(sum(p.amount) * 100)::bigint from journal.posting p
                   where p.office = w.office and p.voucher = w.serial and p.booked_on = w.booked_on and p.account = 1500))::bigint
                   from journal.voucher w
                   where w.reverses_office = v.office and w.reverses_serial = v.serial and w.kind = 'C' and w.deleted_at is null), 0)
           as amount_ore,
       (select to_date(nullif(t.interest_from, 0)::text, 'YYYYMMDD') from journal.case t where t.office = v.case_office and t.serial = v.case_serial)
           as interest_from,
       (select round(nullif(t.percent, 0) * 100)::integer from journal.case t where t.office = v.case_office and t.serial = v.case_serial)
           as rate_basis_points,
       null::text as document_id
from journal.voucher v
where v.kind = 'K' and v.deleted_at is null and (select t.deleted_at is null from journal.case t where t.office = v.case_office and t.serial = v.case_serial)
  and (select count(*) > 1 from journal.voucher o
       where o.case_office = v.case_office and o.case_serial = v.case_serial and o.kind = 'K' and o.deleted_at is null);

create view oversikt.fee as
select v.office::text || '-' || v.serial::text as fee_id, v.case_office::text || '-' || v.case_serial::text as case_id,
       coalesce((select k.means from journal.code k where k.list = 'cost' and k.code = v.cost), v.cost) as kind,
       (select round(sum(p.amount) * 100)::bigint from journal.posting p
        where p.office = v.office and p.voucher = v.serial and p.booked_on = v.booked_on and p.account between 1500 and 1599) as amount_ore,
       to_date(v.booked_on::text, 'YYYYMMDD') as incurred_on,
       (select to_date(min(w.booked_on)::text, 'YYYYMMDD') from journal.voucher w
        where w.reverses_office = v.office and w.reverses_serial = v.serial and w.kind = 'W' and w.deleted_at is null) as waived_on,
       v.legal_basis
from journal.voucher v
where v.kind = 'F' and v.deleted_at is null and (select t.deleted_at is null from journal.case t where t.office = v.case_office and t.serial = v.case_serial);

create view oversikt.payment as
select v.office::text || '-' || v.serial::text as payment_id, v.case_office::text || '-' || v.case_serial::text as case_id,
       (select sum(a.ore)::bigint from (
            select round(-sum(p.amount) * 100) from journal.posting p
            where p.office = v.office and p.voucher = v.serial and p.booked_on = v.booked_on and p.account between 1500 and 1599
            group by p.account) a (ore)) as amount_ore,
       to_date(v.booked_on::text, 'YYYYMMDD') as received_on, v.registered_at,
       coalesce((select k.means from journal.code k where k.list = 'paid' and k.code = v.channel), v.channel) as channel
from journal.voucher v
where v.kind = 'P' and v.deleted_at is null and (select t.deleted_at is null from journal.case t where t.office = v.case_office and t.serial = v.case_serial);

create view oversikt.payment_allocation as
select v.office::text || '-' || v.serial::text as payment_id, a.component, a.amount_ore
from journal.voucher v
cross join lateral (
    select coalesce((select k.means from journal.code k where k.list = 'account' and k.code = p.account::text), p.account::text) as component, round(-sum(p.amount) * 100)::bigint as amount_ore
    from journal.posting p
    where p.office = v.office and p.voucher = v.serial and p.booked_on = v.booked_on and p.account between 1500 and 1599
    group by p.account
) a
where v.kind = 'P' and v.deleted_at is null and (select t.deleted_at is null from journal.case t where t.office = v.case_office and t.serial = v.case_serial);

-- An agreement that is late shows what comes once it is broken, without its own fees from then on.
create view oversikt.scheduled_cost as
select c.office::text || '-' || c.serial::text as case_id, x.day as scheduled_on,
       coalesce((select k.means from journal.code k where k.list = 'cost' and k.code = x.cost), x.cost) as kind, round(x.amount * 100)::bigint as amount_ore
from journal.case c
cross join lateral (
    select to_date(p.planned_on::text, 'YYYYMMDD'), p.cost, p.amount
    from journal.planned_cost p
    where p.case_office = c.office and p.case_serial = c.serial
      and (p.cost not in ('21', '22')
           or coalesce(to_date(p.planned_on::text, 'YYYYMMDD') < (
                  select min(l.breach_on)
                  from journal.agreement_case y
                  cross join lateral (select l.breach_on from journal.late l where l.office = y.office and l.serial = y.serial offset 0) l
                  where y.case_office = c.office and y.case_serial = c.serial), true))
    union all
    select e.was_on + (l.breach_on - l.agreed_on), e.cost, e.amount
    from journal.agreement_case y
    cross join lateral (select l.* from journal.late l where l.office = y.office and l.serial = y.serial offset 0) l
    join journal.proposal_cost e on e.proposal = l.proposal and e.case_id = y.case_office::text || '-' || y.case_serial::text
    where y.case_office = c.office and y.case_serial = c.serial and c.closed_on = 0 and e.comes_on is null and e.cost not in ('21', '22')
) x (day, cost, amount)
where c.deleted_at is null;

create view oversikt.hold as
select c.office::text || '-' || c.serial::text as case_id, h.kind, h.since, h.until
from journal.case c
cross join lateral (
    select coalesce((select k.means from journal.code k where k.list = 'stop' and k.code = x.why), x.why), to_date(x.since::text, 'YYYYMMDD'), to_date(nullif(x.until, 0)::text, 'YYYYMMDD')
    from journal.stop x where x.case_office = c.office and x.case_serial = c.serial
    union all
    select 'DISPUTED', (x.submitted_at at time zone 'Europe/Oslo')::date, to_date(nullif(x.decided_on, 0)::text, 'YYYYMMDD')
    from journal.objection x where x.case_office = c.office and x.case_serial = c.serial and (x.status <> 'T' or x.decided_on > 0)
    union all
    select 'DEFERRED', coalesce(to_date(nullif(x.decided_on, 0)::text, 'YYYYMMDD'), (x.requested_at at time zone 'Europe/Oslo')::date), to_date(x.until::text, 'YYYYMMDD')
    from journal.deferral x where x.case_office = c.office and x.case_serial = c.serial and x.status = '1'
    union all
    select 'AGREEMENT', to_date(a.started_on::text, 'YYYYMMDD'),
           coalesce(to_date(nullif(a.ended_on, 0)::text, 'YYYYMMDD'), l.breach_on) - case when a.agreed_on > 0 then 1 when a.agreed_on = 0 then 0 end
    from journal.agreement_case x
    join journal.agreement a using (office, serial)
    left join lateral (select l.breach_on from journal.late l
                       where l.office = x.office and l.serial = x.serial and l.breach_on <= journal.today() offset 0) l on true
    where x.case_office = c.office and x.case_serial = c.serial and a.status not in ('F', 'V', 'N')
      and (a.agreed_on = 0 or coalesce(to_date(nullif(a.ended_on, 0)::text, 'YYYYMMDD'), l.breach_on, 'infinity') > to_date(a.started_on::text, 'YYYYMMDD'))
) h (kind, since, until)
where c.deleted_at is null;

create view oversikt.document as
select x.office::text || '-' || x.serial::text as document_id, x.case_office::text || '-' || x.case_serial::text as case_id, x.title,
       'application/pdf' as media_type, x.bytes as byte_size, x.created_at
from journal.letter x
where x.deleted_at is null and (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial);

create view oversikt.letter as
select x.office::text || '-' || x.serial::text as letter_id, x.case_office::text || '-' || x.case_serial::text as case_id,
       coalesce((select k.means from journal.code k where k.list = 'letter' and k.code = x.kind), x.kind) as kind, x.title,
       coalesce((select k.means from journal.code k where k.list = 'sent' and k.code = x.channel), x.channel) as channel, to_date(x.sent_on::text, 'YYYYMMDD') as sent_on, to_date(nullif(x.due_on, 0)::text, 'YYYYMMDD') as due_on,
       round(x.amount * 100)::bigint as amount_ore, x.office::text || '-' || x.serial::text as document_id
from journal.letter x
where x.deleted_at is null and (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial);

create view oversikt.agreement as
select x.office::text || '-' || x.serial::text as agreement_id, x.debtor_office::text || '-' || x.debtor_serial::text as debtor_id,
       coalesce((select k.means from journal.code k where k.list = 'agreement' and k.code = x.kind), x.kind) as kind,
       coalesce(case when l.breach_on <= journal.today() then 'BREACHED' end,
                (select k.means from journal.code k where k.list = 'agreed' and k.code = x.status), x.status) as status,
       round(x.monthly * 100)::bigint as monthly_amount_ore, to_date(x.started_on::text, 'YYYYMMDD') as started_on,
       coalesce(case when l.breach_on <= journal.today() then l.breach_on end, to_date(nullif(x.ended_on, 0)::text, 'YYYYMMDD')) as ended_on,
       coalesce(l.warned_on, to_date(nullif(x.warned_on, 0)::text, 'YYYYMMDD')) as warned_on,
       coalesce(l.breach_on, to_date(nullif(x.breach_on, 0)::text, 'YYYYMMDD')) as breach_on,
       x.skips::integer as skips_left, x.reply, to_date(nullif(x.decided_on, 0)::text, 'YYYYMMDD') as decided_on,
       to_date(nullif(x.changed_on, 0)::text, 'YYYYMMDD') as changed_on
from journal.agreement x
left join lateral (select l.warned_on, l.breach_on from journal.late l
                   where l.office = x.office and l.serial = x.serial offset 0) l on true;

create view oversikt.agreement_case as
select x.office::text || '-' || x.serial::text as agreement_id, x.case_office::text || '-' || x.case_serial::text as case_id
from journal.agreement_case x
where (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial);

create view oversikt.instalment as
select x.office::text || '-' || x.serial::text as agreement_id, x.number::integer as number, to_date(x.due_on::text, 'YYYYMMDD') as due_on,
       round(x.amount * 100)::bigint + round(x.fee * 100)::bigint as amount_ore, round(x.fee * 100)::bigint as fee_ore, to_date(nullif(x.paid_on, 0)::text, 'YYYYMMDD') as paid_on
from journal.instalment x;

create view oversikt.objection as
select x.office::text || '-' || x.serial::text as objection_id, x.case_office::text || '-' || x.case_serial::text as case_id,
       coalesce((select k.means from journal.code k where k.list = 'objection' and k.code = x.status), x.status) as status,
       array(select coalesce((select k.means from journal.code k where k.list = 'reason' and k.code = a.code), a.code)
             from unnest(string_to_array(x.reasons, ',')) with ordinality a (code, place) order by a.place) as reasons,
       x.statement, x.submitted_at, to_date(nullif(x.decided_on, 0)::text, 'YYYYMMDD') as decided_on, x.reply, round(x.disputed * 100)::bigint as disputed_amount_ore,
       x.contact as contact_with_creditor, to_date(nullif(x.withdrawn_on, 0)::text, 'YYYYMMDD') as withdrawn_on,
       x.standpoint as creditor_standpoint
from journal.objection x
where (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial);

create view oversikt.deferral as
select x.office::text || '-' || x.serial::text as deferral_id, x.case_office::text || '-' || x.case_serial::text as case_id,
       coalesce((select k.means from journal.code k where k.list = 'deferral' and k.code = x.status), x.status) as status, to_date(x.until::text, 'YYYYMMDD') as until, x.reason,
       round(x.cost_before * 100)::bigint as cost_before_ore, round(x.cost_after * 100)::bigint as cost_after_ore, x.requested_at, to_date(nullif(x.decided_on, 0)::text, 'YYYYMMDD') as decided_on, x.reply
from journal.deferral x
where (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial)
  and (x.proposal is null or x.status = '1');

create view oversikt.queue_item as
select 'deferral ' || x.office::text || '-' || x.serial::text as item_id, 'DEFERRAL' as kind,
       x.case_office::text || '-' || x.case_serial::text as case_id, null::text as debtor_id, x.requested_at as created_at,
       null::date as answer_by, x.office::text || '-' || x.serial::text as subject_id
from journal.deferral x
where x.status = '0' and x.proposal is null
  and (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial)
union all
select 'objection ' || x.office::text || '-' || x.serial::text, 'OBJECTION', x.case_office::text || '-' || x.case_serial::text, null,
       x.submitted_at, null, x.office::text || '-' || x.serial::text
from journal.objection x
where x.status in ('M', 'B')
  and (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial)
union all
select 'complaint ' || x.office::text || '-' || x.serial::text, 'COMPLAINT', x.case_office::text || '-' || x.case_serial::text, null,
       x.submitted_at, to_date(x.answer_by::text, 'YYYYMMDD'), x.office::text || '-' || x.serial::text
from journal.complaint x
where x.status = '0'
  and (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial)
union all
select 'receipt ' || x.office::text || '-' || x.serial::text, 'RECEIPT', x.case_office::text || '-' || x.case_serial::text, null,
       x.submitted_at, null, x.office::text || '-' || x.serial::text
from journal.receipt x
where x.status = '0'
  and (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial)
union all
select 'plan ' || x.office::text || '-' || x.serial::text, 'INSTALMENT_PLAN', c.case_id, null, x.asked_at, null,
       x.office::text || '-' || x.serial::text
from journal.agreement x
cross join lateral (select min(a.case_office::text || '-' || a.case_serial::text) as case_id
                    from journal.agreement_case a join journal.case t on (t.office, t.serial) = (a.case_office, a.case_serial)
                    where (a.office, a.serial) = (x.office, x.serial) and t.deleted_at is null) c
where x.status = 'V' and c.case_id is not null
union all
select 'copy ' || x.office::text || '-' || x.serial::text, 'INVOICE_COPY', x.case_office::text || '-' || x.case_serial::text, null,
       x.ordered_at, null, x.office::text || '-' || x.serial::text
from journal.copy_order x
where x.status = '0'
  and (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial)
union all
select 'link ' || x.office::text || '-' || x.serial::text, 'LINK_CASE', null, null, x.claimed_at, null,
       x.office::text || '-' || x.serial::text
from journal.claimed x
where x.outcome = '0';

create view oversikt.case_link as
select x.office::text || '-' || x.serial::text as case_link_id, x.national_id, x.name, x.number as case_number, x.words as statement,
       x.by_password as password_right,
       coalesce((select k.means from journal.code k where k.list = 'claimed' and k.code = x.outcome), x.outcome) as status,
       x.claimed_at as requested_at, to_date(nullif(x.answered_on, 0)::text, 'YYYYMMDD') as decided_on, x.reply
from journal.claimed x;

create view oversikt.receipt as
select x.office::text || '-' || x.serial::text as receipt_id, x.case_office::text || '-' || x.case_serial::text as case_id,
       coalesce((select k.means from journal.code k where k.list = 'proof' and k.code = x.kind), x.kind) as kind,
       to_date(x.paid_on::text, 'YYYYMMDD') as paid_on, round(x.amount * 100)::bigint as amount_ore, x.statement,
       coalesce((select k.means from journal.code k where k.list = 'receipt' and k.code = x.status), x.status) as status,
       x.submitted_at, to_date(nullif(x.decided_on, 0)::text, 'YYYYMMDD') as decided_on, x.reply
from journal.receipt x
where (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial);

create view oversikt.complaint as
select x.office::text || '-' || x.serial::text as complaint_id, x.case_office::text || '-' || x.case_serial::text as case_id,
       coalesce((select k.means from journal.code k where k.list = 'complaint' and k.code = x.status), x.status) as status,
       array(select coalesce((select k.means from journal.code k where k.list = 'grievance' and k.code = a.code), a.code)
             from unnest(string_to_array(x.about, ',')) with ordinality a (code, place) order by a.place) as categories,
       x.statement, x.submitted_at, to_date(x.answer_by::text, 'YYYYMMDD') as answer_by,
       to_date(nullif(x.answered_on, 0)::text, 'YYYYMMDD') as answered_on, x.reply
from journal.complaint x
where (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial);

-- Nothing is chosen within the union: a condition on the case reaches the tables through it.
create view oversikt.request as
select x.request_id, x.case_id, x.kind, coalesce((select k.means from journal.code k where k.list = 'request' and k.code = x.status), x.status) as status,
       x.requested_at, to_date(x.until::text, 'YYYYMMDD') as until, to_date(nullif(x.decided_on, 0)::text, 'YYYYMMDD') as decided_on, x.reply
from (select office::text || '-' || serial::text as request_id, case_office::text || '-' || case_serial::text as case_id, 'DEFERRAL'::text as kind,
             case_office, case_serial, status, requested_at, until::integer as until, decided_on::integer as decided_on, reply
      from journal.deferral
      union all
      select office::text || '-' || serial::text, case_office::text || '-' || case_serial::text, 'INVOICE_COPY'::text,
             case_office, case_serial, status, ordered_at, null::integer, answered_on::integer, reply
      from journal.copy_order) x
where (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial);

create view oversikt.message as
select x.office::text || '-' || x.serial::text as message_id, x.debtor_office::text || '-' || x.debtor_serial::text as debtor_id,
       x.case_office::text || '-' || x.case_serial::text as case_id,
       coalesce((select k.means from journal.code k where k.list = 'sender' and k.code = x.sender), x.sender) as sender, x.subject, x.body, x.sent_at, x.read_at
from journal.message x
where x.case_serial is null or (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial);

create view oversikt.difficulty as
select x.debtor_office::text || '-' || x.debtor_serial::text as debtor_id,
       array(select coalesce((select k.means from journal.code k where k.list = 'trouble' and k.code = a.code), a.code)
             from unnest(string_to_array(x.kinds, ',')) with ordinality a (code, place) order by a.place) as kinds,
       x.interpreter as interpreter_language, x.words as statement,
       coalesce((select k.means from journal.code k where k.list = 'reach' and k.code = x.reach), x.reach) as contact_channel,
       x.opens::integer as contact_from, x.closes::integer as contact_until, x.said_at as declared_at,
       to_date(x.until::text, 'YYYYMMDD') as until
from journal.trouble x
where x.until >= to_char(now() at time zone 'Europe/Oslo', 'YYYYMMDD')::integer;

create view oversikt.power_of_attorney as
select x.office::text || '-' || x.serial::text as power_of_attorney_id, x.debtor_office::text || '-' || x.debtor_serial::text as debtor_id,
       x.national_id as attorney_national_id, x.org_number as attorney_org_number, x.name as attorney_name, x.may_act, x.all_cases,
       to_date(x.valid_from::text, 'YYYYMMDD') as valid_from, to_date(nullif(x.valid_until, 0)::text, 'YYYYMMDD') as valid_until, x.revoked_at
from journal.power x;

create view oversikt.power_of_attorney_case as
select x.office::text || '-' || x.serial::text as power_of_attorney_id, x.case_office::text || '-' || x.case_serial::text as case_id
from journal.power_case x
where (select t.deleted_at is null from journal.case t where t.office = x.case_office and t.serial = x.case_serial);
