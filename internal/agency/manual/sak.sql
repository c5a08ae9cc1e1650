-- The agency's own table, as its system made it.
create table inkasso.sak (
    saksnr            integer primary key,
    skyldnernr        integer not null,
    oppdragsgivernr   integer not null,
    tilstand          char(2) not null,            -- 'AK' aktiv, 'AV' avsluttet, 'TR' trukket
    steg              smallint not null,           -- 10 purring ... 60 rettslig, 70 overvåk
    gjelder           varchar(80),
    fakturanr         varchar(40),
    registrert        timestamp not null,          -- norsk tid
    frist             date,
    avsluttet         timestamp,
    hovedstol         numeric(12,2) not null,      -- kroner
    tidligere_renter  numeric(12,2),
    rente_fra         date,
    avtalerente       numeric(5,2),                -- prosent
    kid               varchar(25) not null
);
create index on inkasso.sak (skyldnernr);

create view oversikt.case as
select s.saksnr                                             as case_id,
       s.saksnr::text                                       as case_number,
       s.skyldnernr                                         as debtor_id,
       s.oppdragsgivernr                                    as creditor_id,
       coalesce(case s.tilstand when 'AK' then 'OPEN'
                                when 'AV' then 'CLOSED'
                                when 'TR' then 'CLOSED' end,
                s.tilstand)                                 as status,
       coalesce(case s.tilstand when 'AV' then 'CLOSED'
                                when 'TR' then 'CLOSED' end,
                case s.steg when 10 then 'REMINDER'
                            when 20 then 'COLLECTION_WARNING'
                            when 30 then 'PAYMENT_DEMAND'
                            when 40 then 'LIGHT_FEE'
                            when 50 then 'HEAVY_FEE'
                            when 60 then 'LEGAL'
                            when 70 then 'MONITORING' end,
                s.steg::text)                               as phase,
       null::text                                           as legal_step,
       coalesce(s.gjelder, 'Inkassokrav')                   as description,
       s.fakturanr                                          as creditor_reference,
       s.registrert::date                                   as opened_on,
       s.frist                                              as due_on,
       s.avsluttet::date                                    as closed_on,
       round(s.hovedstol * 100)::bigint                     as principal_ore,
       round(coalesce(s.tidligere_renter, 0) * 100)::bigint as prior_interest_ore,
       s.rente_fra                                          as interest_from,
       round(s.avtalerente * 100)::integer                  as rate_basis_points,
       (s.registrert::date + 14)                            as agreement_from,
       s.kid                                                as kid,
       '86011117947'                                        as account,
       'Eksempel Inkasso AS, klientkonto'                   as payee
from inkasso.sak s;

-- The public case status looks the number up as text.
create index on inkasso.sak ((saksnr::text));
