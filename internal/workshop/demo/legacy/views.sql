-- The contract on the legacy core: views alone. Øre are (kroner * 100)::bigint,
-- exact for numeric(12,2); a code that is not listed is passed on as it is, so that
-- the check names it; timestamps
-- without a zone are read as Norwegian time. Whatever must be summed or merged
-- sits in a correlated or LATERAL subquery, never at the top of a view: so a
-- condition on a case reaches the index whatever the view is joined to.

create schema oversikt;

-- What is owed in a case on a day, in øre; nothing once it is closed. Interest is simple, per day, on what is left of
-- the principal. Costs of collection and standard compensation are not both owed, but the greater of them.
create function inkasso.skyldig(sak text, dag date) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return (
        with claim as (
            select i.amount_ore, i.interest_from, i.rate_basis_points,
                   sum(i.amount_ore) over (order by i.number) - i.amount_ore as earlier
            from oversikt.claim_item i
            where i.case_id = sak
            union all
            select c.principal_ore, c.interest_from, c.rate_basis_points, 0
            from oversikt.case c
            where c.case_id = sak and not exists (select from oversikt.claim_item i where i.case_id = sak)
        ),
        rate as materialized (select r.valid_from, r.basis_points from oversikt.rate r where r.kind = 'LATE_PAYMENT'),
        paid as materialized (
            select p.received_on, p.amount_ore,
                   p.amount_ore - coalesce((select sum(a.amount_ore) from oversikt.payment_allocation a
                                            where a.payment_id = p.payment_id and a.component <> 'PRINCIPAL'), 0) as principal_ore
            from oversikt.payment p
            where p.case_id = sak and p.received_on <= dag
        ),
        borne as (
            select greatest(x.amount_ore - greatest(coalesce((select sum(p.principal_ore) from paid p where p.received_on <= d.day), 0)
                                                    - x.earlier, 0), 0)
                   * coalesce(x.rate_basis_points, (select r.basis_points from rate r where r.valid_from <= d.day
                                                    order by r.valid_from desc limit 1), 0) as units
            from claim x
            cross join lateral (select g::date as day from generate_series(x.interest_from, dag - 1, interval '1 day') g) d
        ),
        fee as (
            select greatest(coalesce(sum(f.amount_ore) filter (where f.kind = 'STANDARD_COMPENSATION'), 0),
                            coalesce(sum(f.amount_ore) filter (where f.kind in ('REMINDER', 'COLLECTION_WARNING', 'PAYMENT_DEMAND',
                                'LIGHT_FEE', 'HEAVY_FEE', 'AGREEMENT_SETUP_FEE')), 0))
                   + coalesce(sum(f.amount_ore) filter (where f.kind not in ('STANDARD_COMPENSATION', 'REMINDER',
                                'COLLECTION_WARNING', 'PAYMENT_DEMAND', 'LIGHT_FEE', 'HEAVY_FEE', 'AGREEMENT_SETUP_FEE')), 0) as ore
            from oversikt.fee f
            where f.case_id = sak and f.incurred_on <= dag and coalesce(f.waived_on > dag, true)
        )
        select greatest(c.principal_ore + c.prior_interest_ore + (select coalesce(floor(sum(b.units) / 3650000), 0) from borne b)
                        + (select f.ore from fee f) - coalesce((select sum(p.amount_ore) from paid p), 0), 0)
        from oversikt.case c
        where c.case_id = sak and c.status = 'OPEN');
end
$$;

-- An avtale with an avdrag that was not paid in time, and the day on which that breaks it. Nothing is late in
-- a case that is disputed, nor where nothing is owed. The views look one up by its key: OFFSET 0 keeps it so.
create view inkasso.forsinket_avtale as
select a.avtale_id, a.forslag, a.inngaatt, f.forfall + 1 as varslet, f.forfall + a.frist + 1 as brudd
from inkasso.avtale a
cross join lateral (
    select min(x.forfall) as forfall
    from inkasso.avdrag x
    where x.avtale_id = a.avtale_id and x.forfall < inkasso.i_dag()
      and (x.betalt is null or x.betalt > x.forfall + a.frist)) f
where a.status = 'A' and a.inngaatt is not null and f.forfall is not null
  and not exists (select from inkasso.avtale_sak s join inkasso.innsigelse i using (saksnr)
                  where s.avtale_id = a.avtale_id and i.status in ('M', 'B'))
  and exists (select from inkasso.avtale_sak s
              where s.avtale_id = a.avtale_id and inkasso.skyldig(s.saksnr, least(inkasso.i_dag(), f.forfall + a.frist)) > 0);

create view oversikt.agency as
select 2 as contract_version, navn::text as name, orgnr::text as org_number,
       telefon::text as phone, epost::text as email, nettsted::text as website,
       postadresse::text as postal_address,
       regexp_split_to_array(domener, '\s*;\s*') as domains,
       regexp_split_to_array(avsendere, '\s*;\s*') as senders,
       regexp_split_to_array(telefoner, '\s*;\s*') as phones,
       regexp_split_to_array(replace(klientkonti, '.', ''), '\s*;\s*') as accounts
from inkasso.firma;

create view oversikt.faq as
select stikkord::text as faq_key,
       coalesce(case maalform when 'B' then 'nb' when 'N' then 'nn' when 'E' then 'en' end, maalform::text) as language,
       sporsmal::text as question, svar::text as answer
from inkasso.sporsmal;

create view oversikt.policy as
select coalesce(case dekningsrekkefolge when 1 then 'COSTS_INTEREST_PRINCIPAL' when 2 then 'PRINCIPAL_INTEREST_COSTS' end,
                dekningsrekkefolge::text) as imputation,
       (minste_avdrag * 100)::bigint as min_instalment_ore,
       maks_antall_avdrag::integer as max_instalments,
       (avdragsgebyr * 100)::bigint as instalment_fee_ore,
       (avdragssalaer * 100)::bigint as setup_fee_ore,
       salaerfrie_avdrag::integer as setup_free_instalments,
       maks_utsettelse::integer as max_deferral_days,
       (utsettelsesgebyr * 100)::bigint as deferral_fee_ore,
       fellesavtale = 'J' as joint_agreements,
       avtale_stopper_salaer = 'J' as agreement_stops_costs,
       lengste_avtale::integer as plan_longest, dager_til_brudd::integer as plan_grace_days,
       utsatte_avdrag::integer as plan_skips, ny_etter_brudd = 'J' as plan_after_breach
from inkasso.retningslinje;

create view oversikt.rate as
select coalesce(case type when 1 then 'LATE_PAYMENT' end, type::text) as kind,
       gjelder_fra as valid_from, (prosent * 100)::integer as basis_points, kilde::text as source
from inkasso.sats;

create view oversikt.creditor as
select fordringshaver_id as creditor_id, navn::text as name, orgnr::text as org_number,
       coalesce(case bransje when 10 then 'BANK' when 15 then 'INSURANCE' when 20 then 'ELECTRICITY'
            when 25 then 'TELECOM' when 30 then 'HEALTH' when 35 then 'FITNESS'
            when 40 then 'RETAIL' when 50 then 'TRANSPORT' when 55 then 'PARKING'
            when 60 then 'MUNICIPAL' when 65 then 'RENT' when 99 then 'OTHER' end, bransje::text) as trade
from inkasso.fordringshaver;

create view oversikt.debtor as
select skyldner_id as debtor_id,
       coalesce(case type when 'P' then 'PERSON' when 'E' then 'BUSINESS' when 'F' then 'BUSINESS' end, type::text) as kind,
       fnr::text as national_id, orgnr::text as org_number,
       concat_ws(' ', nullif(fornavn, ''), etternavn) as name,
       epost::text as email, telefon::text as phone, adresse::text as street_address,
       lpad(postnr::text, 4, '0') as postal_code, poststed::text as city,
       coalesce(case maalform when 'B' then 'nb' when 'N' then 'nn' when 'E' then 'en' end, maalform::text) as language
from inkasso.skyldner;

-- One code of the old system holds both status and phase; avsluttet decides.
create view oversikt.case as
select s.saksnr as case_id, s.saksnr as case_number, s.skyldner_id as debtor_id,
       s.fordringshaver_id as creditor_id,
       case when s.avsluttet is null then 'OPEN' when s.avsluttet is not null then 'CLOSED' end as status,
       coalesce(case when s.avsluttet is not null then 'CLOSED' end,
            case s.status when 10 then 'REMINDER' when 20 then 'COLLECTION_WARNING'
                 when 30 then 'PAYMENT_DEMAND' when 40 then 'LIGHT_FEE' when 50 then 'HEAVY_FEE'
                 when 60 then 'LEGAL' when 70 then 'MONITORING' when 80 then 'CLOSED' end,
            s.status::text) as phase,
       coalesce(case s.rettsskritt when 'K' then 'CONCILIATION' when 'D' then 'JUDGMENT'
            when 'B' then 'ENFORCEMENT_REQUESTED' when 'U' then 'ATTACHMENT'
            when 'T' then 'WAGE_DEDUCTION' when 'P' then 'LIEN' when 'I' then 'NOTHING_TO_ATTACH'
            when 'S' then 'FORCED_SALE' end, nullif(s.rettsskritt::text, '')) as legal_step,
       s.gjelder::text as description, s.oppdragsgivers_ref::text as creditor_reference,
       s.registrert as opened_on, s.frist as due_on, s.avsluttet as closed_on,
       coalesce((select (sum(f.belop) * 100)::bigint from inkasso.fordring f
                 where f.saksnr = s.saksnr and f.type <> 'R'), 0) as principal_ore,
       coalesce((select (sum(f.belop) * 100)::bigint from inkasso.fordring f
                 where f.saksnr = s.saksnr and f.type = 'R'), 0) as prior_interest_ore,
       case when s.rentetype <> 'I' then s.rente_fra end as interest_from,
       case when s.rentetype = 'A' then (s.rentesats * 100)::integer end as rate_basis_points,
       s.avtale_fra as agreement_from, s.avtalegruppe::text as agreement_group, s.kid::text as kid, s.kontonr::text as account,
       s.betalingsmottaker::text as payee
from inkasso.sak s;

-- A credit note reduces the whole, and an old invoice may have no dates: such a case is one
-- claim to Oversikt.
create view oversikt.claim_item as
select f.saksnr || '/' || f.linjenr as item_id, f.saksnr as case_id, f.linjenr::integer as number,
       f.fakturanr::text as invoice_number, f.fakturadato as issued_on, f.forfall as due_on,
       (f.belop * 100)::bigint as amount_ore,
       case when s.rentetype <> 'I' then s.rente_fra end as interest_from,
       case when s.rentetype = 'A' then (s.rentesats * 100)::integer end as rate_basis_points,
       null::uuid as document_id
from inkasso.sak s
join inkasso.fordring f on f.saksnr = s.saksnr and f.type = 'H'
where (select count(*) filter (where x.type = 'H') > 1
              and bool_and(x.type <> 'K' and (x.type <> 'H' or num_nulls(x.fakturadato, x.forfall) = 0))
       from inkasso.fordring x where x.saksnr = s.saksnr);

create view oversikt.hold as
select s.saksnr as case_id, h.kind, h.since, h.until
from inkasso.sak s
cross join lateral (
    select coalesce(case x.aarsak when 1 then 'DISPUTED' when 2 then 'DEFERRED' when 3 then 'AGREEMENT'
                when 4 then 'DEATH' when 5 then 'DEBT_SETTLEMENT' when 9 then 'OTHER' end, x.aarsak::text),
           x.fra, x.til
    from inkasso.sperre x where x.saksnr = s.saksnr
    union all
    select 'DISPUTED', x.mottatt::date, x.avgjort
    from inkasso.innsigelse x where x.saksnr = s.saksnr and (x.status <> 'T' or x.avgjort is not null)
    union all
    select 'DEFERRED', coalesce(x.avgjort, x.mottatt::date), x.til
    from inkasso.henvendelse x where x.saksnr = s.saksnr and x.type = 1 and x.status = 1
    union all
    select 'AGREEMENT', a.startet, case when a.inngaatt is null then a.avsluttet else coalesce(a.avsluttet, f.brudd) - 1 end
    from inkasso.avtale_sak x
    join inkasso.avtale a using (avtale_id)
    left join lateral (select f.brudd from inkasso.forsinket_avtale f
                       where f.avtale_id = x.avtale_id and f.brudd <= inkasso.i_dag() offset 0) f on true
    where x.saksnr = s.saksnr and a.status not in ('F', 'V', 'N')
      and (a.inngaatt is null or coalesce(a.avsluttet, f.brudd, 'infinity') > a.startet)
) h (kind, since, until);

-- A correction is netted into the fee that it corrects. A fee that is corrected
-- to nothing shows its amount and the day from which it is waived.
create view oversikt.fee as
select f.salaer_id as fee_id, f.saksnr as case_id,
       coalesce(case f.type when 1 then 'REMINDER' when 2 then 'COLLECTION_WARNING'
            when 3 then 'PAYMENT_DEMAND' when 11 then 'LIGHT_FEE' when 12 then 'HEAVY_FEE'
            when 21 then 'INSTALMENT_FEE' when 22 then 'AGREEMENT_SETUP_FEE'
            when 23 then 'DEFERRAL_FEE' when 24 then 'STANDARD_COMPENSATION'
            when 31 then 'COURT_FEE' when 32 then 'ENFORCEMENT_FEE' when 33 then 'WRITING_FEE' end,
            f.type::text) as kind,
       (case when f.belop + k.belop > 0 then f.belop + k.belop else f.belop end * 100)::bigint
           as amount_ore,
       f.dato as incurred_on,
       least(f.kreditert, case when f.belop + k.belop <= 0 then k.dato end) as waived_on,
       f.hjemmel::text as legal_basis
from inkasso.salaer f
left join lateral (
    select sum(x.belop) as belop, max(x.dato) as dato
    from inkasso.salaer x where x.korrigerer = f.salaer_id
) k on true
where f.korrigerer is null;

-- Of an avtale that is late: what comes once it is broken, without its own fees from then on.
create view oversikt.scheduled_cost as
select s.saksnr as case_id, k.dato as scheduled_on,
       coalesce(case k.type when 1 then 'REMINDER' when 2 then 'COLLECTION_WARNING'
            when 3 then 'PAYMENT_DEMAND' when 11 then 'LIGHT_FEE' when 12 then 'HEAVY_FEE'
            when 21 then 'INSTALMENT_FEE' when 22 then 'AGREEMENT_SETUP_FEE'
            when 23 then 'DEFERRAL_FEE' when 24 then 'STANDARD_COMPENSATION'
            when 31 then 'COURT_FEE' when 32 then 'ENFORCEMENT_FEE' when 33 then 'WRITING_FEE' end,
            k.type::text) as kind,
       (k.belop * 100)::bigint as amount_ore
from inkasso.sak s
cross join lateral (
    select p.dato, p.type, p.belop
    from inkasso.planlagt_kostnad p
    where p.saksnr = s.saksnr
      and (p.type not in (21, 22)
           or coalesce(p.dato < (select min(f.brudd)
                                 from inkasso.avtale_sak x
                                 cross join lateral (select f.brudd from inkasso.forsinket_avtale f
                                                     where f.avtale_id = x.avtale_id offset 0) f
                                 where x.saksnr = s.saksnr), true))
    union all
    select e.fra + (f.brudd - f.inngaatt), e.type, e.belop
    from inkasso.forslag_kostnad e
    join inkasso.avtale_sak x on x.saksnr = e.saksnr
    cross join lateral (select f.* from inkasso.forsinket_avtale f where f.avtale_id = x.avtale_id offset 0) f
    where e.saksnr = s.saksnr and s.avsluttet is null and f.forslag = e.forslag and e.til is null and e.type not in (21, 22)
) k (dato, type, belop);

-- What is stored in brev, apart from internal notes.
create view oversikt.document as
select brev_id as document_id, saksnr as case_id, tittel::text as title,
       coalesce(case filtype when 'PDF' then 'application/pdf' when 'TIF' then 'image/tiff'
            when 'JPG' then 'image/jpeg' when 'TXT' then 'text/plain' end,
            'application/octet-stream') as media_type,
       storrelse::bigint as byte_size, opprettet at time zone 'Europe/Oslo' as created_at
from inkasso.brev
where storrelse is not null and type <> 'NO';

-- What was sent: neither attachments nor internal notes.
create view oversikt.letter as
select brev_id as letter_id, saksnr as case_id,
       coalesce(case type when 'FA' then 'INVOICE' when 'PU' then 'REMINDER'
            when 'IV' then 'COLLECTION_WARNING' when 'BO' then 'PAYMENT_DEMAND'
            when 'RV' then 'LEGAL_NOTICE' when 'AV' then 'AGREEMENT'
            when 'SI' then 'OBJECTION_REPLY' when 'KV' then 'RECEIPT' when 'AN' then 'OTHER' end,
            type::text) as kind,
       tittel::text as title,
       coalesce(case kanal when 'P' then 'POST' when 'E' then 'EMAIL' when 'D' then 'DIGIPOST'
            when 'F' then 'EFAKTURA' when 'M' then 'PORTAL' when 'S' then 'OTHER' end, kanal::text) as channel,
       sendt as sent_on, to_date(nullif(frist, '00000000'), 'YYYYMMDD') as due_on,
       (belop * 100)::bigint as amount_ore,
       case when storrelse is not null then brev_id end as document_id
from inkasso.brev
where type not in ('VE', 'NO');

create view oversikt.payment as
select innbetaling_id as payment_id, saksnr as case_id, (belop * 100)::bigint as amount_ore,
       valutert as received_on, registrert at time zone 'Europe/Oslo' as registered_at,
       coalesce(case kanal when 'B' then 'BANK' when 'K' then 'CARD' when 'V' then 'VIPPS'
            when 'A' then 'AVTALEGIRO' when 'T' then 'WAGE_DEDUCTION' when 'F' then 'TO_CREDITOR'
            when 'X' then 'OTHER' end, kanal::text) as channel
from inkasso.innbetaling;

-- Columns become rows; those without an amount are left out.
create view oversikt.payment_allocation as
select f.innbetaling_id as payment_id, v.component, (v.belop * 100)::bigint as amount_ore
from inkasso.innbetaling_fordeling f
cross join lateral (values
    ('PRINCIPAL', f.hovedstol),
    ('INTEREST', f.renter),
    ('FEES', f.gebyr + f.salaer),
    ('LEGAL_COSTS', f.sakskostnader)
) v (component, belop)
where v.belop <> 0;

create view oversikt.agreement as
select a.avtale_id as agreement_id, a.skyldner_id as debtor_id,
       coalesce(case a.type when 'A' then 'INSTALMENTS' when 'U' then 'SETTLEMENT' end, a.type::text) as kind,
       coalesce(case when f.brudd <= inkasso.i_dag() then 'BREACHED' end,
            case a.status when 'F' then 'PROPOSED' when 'V' then 'REQUESTED' when 'N' then 'REFUSED' when 'A' then 'ACTIVE'
                 when 'O' then 'COMPLETED' when 'B' then 'BREACHED' when 'S' then 'CANCELLED' end, a.status::text) as status,
       (a.maanedsbelop * 100)::bigint as monthly_amount_ore, a.startet as started_on,
       case when f.brudd <= inkasso.i_dag() then f.brudd else a.avsluttet end as ended_on,
       coalesce(f.varslet, a.varslet) as warned_on, coalesce(f.brudd, a.brudd) as breach_on,
       a.utsettelser::integer as skips_left, a.svar as reply, a.avgjort as decided_on,
       a.endret as changed_on
from inkasso.avtale a
left join lateral (select f.varslet, f.brudd from inkasso.forsinket_avtale f
                   where f.avtale_id = a.avtale_id offset 0) f on true;

create view oversikt.agreement_case as
select avtale_id as agreement_id, saksnr as case_id from inkasso.avtale_sak;

-- The contract's amount includes the fee, the core's does not.
create view oversikt.instalment as
select avtale_id as agreement_id, nr::integer as number, forfall as due_on,
       ((belop + gebyr) * 100)::bigint as amount_ore, (gebyr * 100)::bigint as fee_ore,
       betalt as paid_on
from inkasso.avdrag;

create view oversikt.objection as
select innsigelse_id as objection_id, saksnr as case_id,
       coalesce(case status when 'M' then 'RECEIVED' when 'B' then 'UNDER_REVIEW' when 'G' then 'UPHELD'
            when 'D' then 'PARTLY_UPHELD' when 'A' then 'REJECTED' when 'F' then 'TO_BOARD' when 'T' then 'WITHDRAWN'
            end, status::text) as status,
       array(select coalesce(case trim(a.kode) when '01' then 'NOT_MY_DEBT' when '02' then 'ALREADY_PAID'
                         when '03' then 'WRONG_AMOUNT' when '04' then 'NOT_RECEIVED'
                         when '05' then 'DEFECT' when '06' then 'CANCELLED'
                         when '07' then 'NO_INVOICE' when '08' then 'FRAUD'
                         when '09' then 'TIME_BARRED' when '99' then 'OTHER' end, trim(a.kode))
             from unnest(string_to_array(aarsaker, ',')) with ordinality a (kode, plass)
             order by a.plass) as reasons,
       tekst as statement, mottatt at time zone 'Europe/Oslo' as submitted_at,
       avgjort as decided_on, svar as reply, (bestridt * 100)::bigint as disputed_amount_ore,
       kontakt = 'J' as contact_with_creditor,
       trukket as withdrawn_on, standpunkt as creditor_standpoint
from inkasso.innsigelse;

create view oversikt.deferral as
select henvendelse_id as deferral_id, saksnr as case_id,
       coalesce(case status when 0 then 'REQUESTED' when 1 then 'GRANTED' when 2 then 'REFUSED' end, status::text) as status,
       til as until,
       begrunnelse as reason, (kostnad_uten * 100)::bigint as cost_before_ore,
       (kostnad_med * 100)::bigint as cost_after_ore, mottatt at time zone 'Europe/Oslo' as requested_at,
       avgjort as decided_on, svar as reply
from inkasso.henvendelse
where type = 1 and til is not null and status <> 3 and (forslag is null or status = 1);

create view oversikt.queue_item as
select 'U' || henvendelse_id as item_id, 'DEFERRAL' as kind, saksnr as case_id, null::uuid as debtor_id,
       mottatt at time zone 'Europe/Oslo' as created_at, null::date as answer_by, henvendelse_id::text as subject_id
from inkasso.henvendelse
where type = 1 and status = 0 and til is not null and forslag is null
union all
select 'I' || innsigelse_id, 'OBJECTION', saksnr, null, mottatt at time zone 'Europe/Oslo', null, innsigelse_id::text
from inkasso.innsigelse
where status in ('M', 'B')
union all
select 'K' || klage_id, 'COMPLAINT', saksnr, null, mottatt at time zone 'Europe/Oslo', svarfrist, klage_id::text
from inkasso.klage
where utfall is null
union all
select 'V' || kvittering_id, 'RECEIPT', saksnr, null, mottatt at time zone 'Europe/Oslo', null, kvittering_id::text
from inkasso.kvittering
where utfall is null
union all
select 'N' || a.avtale_id, 'INSTALMENT_PLAN', (select min(x.saksnr) from inkasso.avtale_sak x where x.avtale_id = a.avtale_id),
       null, a.soekt at time zone 'Europe/Oslo', null, a.avtale_id::text
from inkasso.avtale a
where a.status = 'V'
union all
select 'F' || henvendelse_id, 'INVOICE_COPY', saksnr, null, mottatt at time zone 'Europe/Oslo', null, henvendelse_id::text
from inkasso.henvendelse
where type = 3 and status = 0
union all
select 'S' || kobling_id, 'LINK_CASE', null, null, mottatt at time zone 'Europe/Oslo', null, kobling_id::text
from inkasso.kobling
where utfall is null;

create view oversikt.case_link as
select kobling_id as case_link_id, fnr::text as national_id, navn::text as name, saksnr::text as case_number, tekst as statement,
       passord = 'J' as password_right,
       coalesce(case utfall when 'K' then 'GRANTED' when 'A' then 'REFUSED' end, utfall::text, 'REQUESTED') as status,
       mottatt at time zone 'Europe/Oslo' as requested_at, behandlet as decided_on, svar as reply
from inkasso.kobling;

create view oversikt.receipt as
select kvittering_id as receipt_id, saksnr as case_id,
       coalesce(case betalt_til when 'I' then 'TO_AGENCY' when 'F' then 'TO_CREDITOR' end, betalt_til::text) as kind,
       betalt as paid_on, (belop * 100)::bigint as amount_ore, tekst as statement,
       coalesce(case utfall when 'G' then 'ACCEPTED' when 'D' then 'PARTLY' when 'A' then 'REJECTED' end,
                utfall::text, 'RECEIVED') as status,
       mottatt at time zone 'Europe/Oslo' as submitted_at, behandlet as decided_on, svar as reply
from inkasso.kvittering;

create view oversikt.complaint as
select klage_id as complaint_id, saksnr as case_id,
       coalesce(case utfall when 'G' then 'UPHELD' when 'D' then 'PARTLY_UPHELD' when 'A' then 'REJECTED' end,
                utfall::text, 'RECEIVED') as status,
       array(select coalesce(case trim(a.kode) when '01' then 'PRESSURE' when '02' then 'DISPUTED_CLAIM'
                         when '03' then 'WARNING' when '04' then 'COSTS' when '05' then 'NOT_MERGED'
                         when '06' then 'INFORMATION' when '07' then 'SECRECY' when '08' then 'NO_ANSWER'
                         when '99' then 'OTHER' end, trim(a.kode))
             from unnest(string_to_array(gjelder, ',')) with ordinality a (kode, plass)
             order by a.plass) as categories,
       tekst as statement, mottatt at time zone 'Europe/Oslo' as submitted_at, svarfrist as answer_by,
       besvart as answered_on, svar as reply
from inkasso.klage;

create view oversikt.message as
select melding_id as message_id, skyldner_id as debtor_id, saksnr as case_id,
       coalesce(case retning when 'I' then 'DEBTOR' when 'U' then 'AGENCY' end, retning::text) as sender,
       emne::text as subject, tekst as body, sendt at time zone 'Europe/Oslo' as sent_at,
       lest at time zone 'Europe/Oslo' as read_at
from inkasso.melding;

create view oversikt.request as
select henvendelse_id as request_id, saksnr as case_id,
       coalesce(case type when 1 then 'DEFERRAL' when 2 then 'OTHER' when 3 then 'INVOICE_COPY' when 4 then 'OTHER'
            when 5 then 'INFORMATION' end, type::text) as kind,
       coalesce(case status when 0 then 'RECEIVED' when 1 then 'GRANTED' when 2 then 'REJECTED'
            when 3 then 'WITHDRAWN' end, status::text) as status,
       mottatt at time zone 'Europe/Oslo' as requested_at, til as until, avgjort as decided_on,
       svar as reply
from inkasso.henvendelse;

create view oversikt.difficulty as
select skyldner_id as debtor_id,
       array(select coalesce(case k when 'S' then 'ILLNESS' when 'I' then 'INSTITUTION' when 'T' then 'INTERPRETER'
                             when 'B' then 'PAYMENT' when 'A' then 'OTHER' end, k)
             from string_to_table(koder, null) k) as kinds,
       rtrim(tolk::text) as interpreter_language, tekst as statement,
       coalesce(case kanal when 'T' then 'PHONE' when 'M' then 'SMS' when 'E' then 'EMAIL' when 'B' then 'LETTER'
                when 'A' then 'OTHER' end, kanal::text) as contact_channel,
       kl_fra::integer as contact_from, kl_til::integer as contact_until,
       meldt at time zone 'Europe/Oslo' as declared_at, gjelder_til as until
from inkasso.vanske
where gjelder_til >= (now() at time zone 'Europe/Oslo')::date;

create view oversikt.power_of_attorney as
select fullmakt_id as power_of_attorney_id, skyldner_id as debtor_id,
       fullmektig_fnr::text as attorney_national_id, fullmektig_orgnr::text as attorney_org_number,
       fullmektig_navn::text as attorney_name, rett = 'H' as may_act, omfang = 'A' as all_cases,
       gjelder_fra as valid_from, gjelder_til as valid_until,
       tilbakekalt at time zone 'Europe/Oslo' as revoked_at
from inkasso.fullmakt;

create view oversikt.power_of_attorney_case as
select fullmakt_id as power_of_attorney_id, saksnr as case_id from inkasso.fullmakt_sak;
