-- The contract on the reference core. Every relation and column is described in
-- docs/contract.md; `oversikt agency check` proves a database against it.

create schema oversikt;

create view oversikt.agency as
select 2 as contract_version, name, org_number, phone, email, website, postal_address, domains, senders,
       phones, accounts
from core.agency;

create view oversikt.faq as
select faq_key, language, question, answer from core.faq;

create view oversikt.policy as
select imputation, min_instalment_ore::bigint, max_instalments, instalment_fee_ore::bigint,
       setup_fee_ore::bigint, setup_free_instalments, max_deferral_days,
       deferral_fee_ore::bigint, joint_agreements, agreement_stops_costs
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
    where ac.case_id = c.case_id and (a.status = 'ACTIVE' or a.ended_on is not null)
) h (kind, since, until);

create view oversikt.fee as
select fee_id, case_id, kind, amount_ore::bigint, incurred_on, waived_on, legal_basis from core.fee;

create view oversikt.scheduled_cost as
select case_id, scheduled_on, kind, amount_ore::bigint from core.scheduled_cost;

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
select agreement_id, debtor_id, kind, status, monthly_amount_ore::bigint, started_on, ended_on
from core.agreement;

create view oversikt.agreement_case as
select agreement_id, case_id from core.agreement_case;

create view oversikt.instalment as
select agreement_id, number, due_on, amount_ore::bigint, fee_ore::bigint, paid_on from core.instalment;

create view oversikt.objection as
select objection_id, case_id, status, reasons, statement, submitted_at, decided_on, reply,
       disputed_amount_ore::bigint, contact_with_creditor
from core.objection;

create view oversikt.deferral as
select request_id as deferral_id, case_id,
       coalesce(case status when 'RECEIVED' then 'REQUESTED' when 'GRANTED' then 'GRANTED' when 'REJECTED' then 'REFUSED' end,
                status) as status,
       until, reason, cost_before_ore::bigint, cost_after_ore::bigint, requested_at, decided_on, reply
from core.request
where kind = 'DEFERRAL' and until is not null and status <> 'WITHDRAWN' and (solution is null or status = 'GRANTED');

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
where status in ('RECEIVED', 'UNDER_REVIEW');

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
