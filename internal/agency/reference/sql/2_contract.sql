-- The contract on the reference core. Every relation and column is described in
-- docs/contract.md; `oversikt agency check` proves a database against it.

create schema oversikt;

create function core.today() returns date
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select (now() at time zone 'Europe/Oslo')::date
$$;

-- What is owed in a case on a day, in øre; nothing once it is closed. Interest is simple, per day, on what is left of
-- the principal. Costs of collection and standard compensation are not both owed, but the greater of them.
create function core.owed(which bigint, until date) returns bigint
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

-- An instalment is paid on the day on which what came in since the agreement covers it and those
-- before it, unless people have noted another.
create view core.instalment_now as
select i.agreement_id, i.number, i.due_on, i.amount_ore, i.fee_ore,
       case when i.paid_on is not null or a.agreed_at is null then i.paid_on
            else (select min(p.day)
                  from (select y.received_on as day, sum(y.amount_ore) over (order by y.received_on) as received
                        from core.agreement_case x join core.payment y using (case_id)
                        where x.agreement_id = i.agreement_id and y.registered_at > a.agreed_at) p
                  where p.received >= a.ahead_ore + (select sum(e.amount_ore) from core.instalment e
                                                     where e.agreement_id = i.agreement_id and e.number <= i.number))
       end as paid_on
from core.instalment i
join core.agreement a using (agreement_id);

-- Agreements with an instalment that was not paid in time, none that is disputed, and none by which nothing is owed. On breach_on, when
-- the days of grace are over, such an agreement is broken, whoever looks first. The views look one up
-- by its key: OFFSET 0 keeps it so.
create view core.late_agreement as
select a.agreement_id, a.solution, a.agreed_on, l.due_on + 1 as warned_on,
       l.due_on + a.grace_days + 1 as breach_on
from core.agreement a
cross join lateral (
    select min(i.due_on) as due_on
    from core.instalment_now i
    where i.agreement_id = a.agreement_id and i.due_on < core.today()
      and (i.paid_on is null or i.paid_on > i.due_on + a.grace_days)) l
where a.status = 'ACTIVE' and a.agreed_on is not null and l.due_on is not null
  and not exists (select from core.agreement_case x join core.objection o using (case_id)
                  where x.agreement_id = a.agreement_id and o.status in ('RECEIVED', 'UNDER_REVIEW'))
  and exists (select from core.agreement_case x
              where x.agreement_id = a.agreement_id
                and core.owed(x.case_id, least(core.today(), l.due_on + a.grace_days)) > 0);

create view oversikt.agency as
select 2 as contract_version, name, org_number, phone, email, website, postal_address, domains, senders,
       phones, accounts
from core.agency;

create view oversikt.faq as
select faq_key, language, question, answer from core.faq;

create view oversikt.policy as
select imputation, min_instalment_ore::bigint, max_instalments, instalment_fee_ore::bigint,
       setup_fee_ore::bigint, setup_free_instalments, max_deferral_days,
       deferral_fee_ore::bigint, joint_agreements, agreement_stops_costs,
       plan_longest, plan_grace_days, plan_skips, plan_after_breach
from core.policy;

create view oversikt.rate as
select kind, valid_from, basis_points, source from core.rate;

create view oversikt.creditor as
select creditor_id, name, org_number, trade from core.creditor;

create view oversikt.debtor as
select debtor_id, kind, national_id, org_number, name, email, phone, street_address,
       postal_code, city, language
from core.debtor;

create view oversikt.case as
select case_id, case_number, debtor_id, creditor_id, status, phase, legal_step, description,
       creditor_reference, opened_on, due_on, closed_on, principal_ore::bigint,
       prior_interest_ore::bigint, interest_from, rate_basis_points, agreement_from,
       agreement_group, kid, account, payee
from core.case;

create view oversikt.claim_item as
select item_id, case_id, number, invoice_number, issued_on, due_on, amount_ore::bigint, interest_from, rate_basis_points,
       document_id
from core.claim_item;

-- The lateral join lets every branch look its case up by index: PostgreSQL does
-- not push a join into a plain union whose branches have conditions or joins.
create view oversikt.hold as
select c.case_id, h.kind, h.since, h.until
from core.case c
cross join lateral (
    select kind, since, until from core.hold where case_id = c.case_id
    union all
    select 'DISPUTED', (submitted_at at time zone 'Europe/Oslo')::date, decided_on
    from core.objection where case_id = c.case_id and (status in ('RECEIVED', 'UNDER_REVIEW') or decided_on is not null)
    union all
    select 'DEFERRED', coalesce(decided_on, (requested_at at time zone 'Europe/Oslo')::date), until
    from core.request where case_id = c.case_id and kind = 'DEFERRAL' and status = 'GRANTED'
    union all
    select 'AGREEMENT', a.started_on, a.ended_on
    from core.agreement_case ac join core.agreement a using (agreement_id)
    where ac.case_id = c.case_id and a.agreed_on is null and (a.status = 'ACTIVE' or a.ended_on is not null)
    union all -- collection goes on from the day on which an agreement is broken or cancelled
    select 'AGREEMENT', a.started_on, coalesce(a.ended_on, l.breach_on) - 1
    from core.agreement_case ac
    join core.agreement a using (agreement_id)
    left join lateral (select l.breach_on from core.late_agreement l
                       where l.agreement_id = ac.agreement_id and l.breach_on <= core.today() offset 0) l on true
    where ac.case_id = c.case_id and a.agreed_on is not null and coalesce(a.ended_on, l.breach_on, 'infinity') > a.started_on
) h (kind, since, until);

create view oversikt.fee as
select fee_id, case_id, kind, amount_ore::bigint, incurred_on, waived_on, legal_basis from core.fee;

-- An agreement that is late tells what comes if nothing is done: its breach, with the costs that it
-- took away, as many days later as it has stood, and without the fees of its later instalments.
create view oversikt.scheduled_cost as
select c.case_id, s.scheduled_on, s.kind, s.amount_ore::bigint
from core.case c
cross join lateral (
    select s.scheduled_on, s.kind, s.amount_ore
    from core.scheduled_cost s
    where s.case_id = c.case_id
      and (s.kind not in ('INSTALMENT_FEE', 'AGREEMENT_SETUP_FEE')
           or coalesce(s.scheduled_on < (select min(l.breach_on)
                                         from core.agreement_case ac
                                         cross join lateral (select l.breach_on from core.late_agreement l
                                                             where l.agreement_id = ac.agreement_id offset 0) l
                                         where ac.case_id = c.case_id), true))
    union all
    select x.taken_from + (l.breach_on - l.agreed_on), x.kind, x.amount_ore
    from core.solution_cost x
    join core.agreement_case ac on ac.case_id = x.case_id
    cross join lateral (select l.* from core.late_agreement l where l.agreement_id = ac.agreement_id offset 0) l
    where x.case_id = c.case_id and c.status = 'OPEN' and l.solution = x.solution and x.put_on is null and x.kind not in ('INSTALMENT_FEE', 'AGREEMENT_SETUP_FEE')
) s (scheduled_on, kind, amount_ore);

create view oversikt.document as
select document_id, case_id, title, media_type, byte_size, created_at from core.document;

create view oversikt.letter as
select letter_id, case_id, kind, title, channel, sent_on, due_on, amount_ore::bigint, document_id
from core.letter;

create view oversikt.payment as
select payment_id, case_id, amount_ore::bigint, received_on, registered_at, channel from core.payment;

create view oversikt.payment_allocation as
select payment_id, component, amount_ore::bigint from core.payment_allocation;

create view oversikt.agreement as
select a.agreement_id, a.debtor_id, a.kind, case when l.breach_on <= core.today() then 'BREACHED' else a.status end as status,
       a.monthly_amount_ore::bigint, a.started_on,
       case when l.breach_on <= core.today() then l.breach_on else a.ended_on end as ended_on,
       coalesce(l.warned_on, a.warned_on) as warned_on, coalesce(l.breach_on, a.breach_on) as breach_on,
       a.skips_left, a.reply, a.decided_on, a.changed_on
from core.agreement a
left join lateral (select l.warned_on, l.breach_on from core.late_agreement l
                   where l.agreement_id = a.agreement_id offset 0) l on true;

create view oversikt.agreement_case as
select agreement_id, case_id from core.agreement_case;

create view oversikt.instalment as
select agreement_id, number, due_on, amount_ore::bigint, fee_ore::bigint, paid_on from core.instalment_now;

create view oversikt.objection as
select objection_id, case_id, status, reasons, statement, submitted_at, decided_on, reply,
       disputed_amount_ore::bigint, contact_with_creditor, withdrawn_on, creditor_standpoint
from core.objection;

create view oversikt.deferral as
select request_id as deferral_id, case_id,
       coalesce(case status when 'RECEIVED' then 'REQUESTED' when 'GRANTED' then 'GRANTED' when 'REJECTED' then 'REFUSED' end,
                status) as status,
       until, reason, cost_before_ore::bigint, cost_after_ore::bigint, requested_at, decided_on, reply
from core.request
where kind = 'DEFERRAL' and until is not null and status <> 'WITHDRAWN' and (solution is null or status = 'GRANTED');

create view oversikt.receipt as
select receipt_id, case_id, kind, paid_on, amount_ore::bigint, statement, status, submitted_at, decided_on, reply
from core.receipt;

create view oversikt.complaint as
select complaint_id, case_id, status, categories, statement, submitted_at, answer_by, answered_on, reply
from core.complaint;

create view oversikt.message as
select message_id, debtor_id, case_id, sender, subject, body, sent_at, read_at from core.message;

create view oversikt.request as
select request_id, case_id, kind, status, requested_at, until, decided_on, reply from core.request;

create view oversikt.queue_item as
select 'deferral-' || request_id as item_id, 'DEFERRAL' as kind, case_id, null::bigint as debtor_id, requested_at as created_at,
       null::date as answer_by, request_id::text as subject_id
from core.request
where kind = 'DEFERRAL' and status = 'RECEIVED' and until is not null and solution is null
union all
select 'objection-' || objection_id, 'OBJECTION', case_id, null, submitted_at, null, objection_id::text
from core.objection
where status in ('RECEIVED', 'UNDER_REVIEW')
union all
select 'complaint-' || complaint_id, 'COMPLAINT', case_id, null, submitted_at, answer_by, complaint_id::text
from core.complaint
where status = 'RECEIVED'
union all
select 'receipt-' || receipt_id, 'RECEIPT', case_id, null, submitted_at, null, receipt_id::text
from core.receipt
where status = 'RECEIVED'
union all
select 'plan-' || a.agreement_id, 'INSTALMENT_PLAN',
       (select min(x.case_id) from core.agreement_case x where x.agreement_id = a.agreement_id), null, a.requested_at, null,
       a.agreement_id::text
from core.agreement a
where a.status = 'REQUESTED'
union all
select 'copy-' || request_id, 'INVOICE_COPY', case_id, null, requested_at, null, request_id::text
from core.request
where kind = 'INVOICE_COPY' and status = 'RECEIVED'
union all
select 'link-' || case_link_id, 'LINK_CASE', null, null, requested_at, null, case_link_id::text
from core.case_link
where state = 'REQUESTED';

create view oversikt.case_link as
select case_link_id, national_id, name, case_number, statement, password_right, state as status, requested_at, decided_on, reply
from core.case_link;

create view oversikt.difficulty as
select debtor_id, kinds, interpreter_language, statement, contact_channel, contact_from, contact_until, said_at as declared_at,
       until
from core.difficulty
where until >= (now() at time zone 'Europe/Oslo')::date;

create view oversikt.power_of_attorney as
select power_of_attorney_id, debtor_id, attorney_national_id, attorney_org_number, attorney_name,
       may_act, all_cases, valid_from, valid_until, revoked_at
from core.power_of_attorney;

create view oversikt.power_of_attorney_case as
select power_of_attorney_id, case_id from core.power_of_attorney_case;
