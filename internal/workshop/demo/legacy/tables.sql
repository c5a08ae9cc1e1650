-- A collection system such as many agencies have run since the 1990s: names in
-- Norwegian, amounts in kroner, percentages, code letters and code numbers, local
-- time without a zone. Oversikt never sees it: views.sql translates.

create schema inkasso;

create table inkasso.firma (
    firmanr      smallint primary key,
    navn         varchar(60) not null,
    orgnr        char(9) not null,
    telefon      varchar(20),
    epost        varchar(80),
    nettsted     varchar(80),
    postadresse  varchar(120),
    domener      varchar(400),                                   -- separated by semicolons, and so are the next three
    avsendere    varchar(400),
    telefoner    varchar(400),
    klientkonti  varchar(400)                                    -- with full stops: 1234.56.78901
);

create table inkasso.sporsmal (
    sporsmalnr   smallint not null,
    stikkord     varchar(40) not null,
    maalform     char(1) not null,                               -- B bokmål, N nynorsk, E engelsk
    sporsmal     varchar(200) not null,
    svar         varchar(2000) not null,
    primary key (sporsmalnr, maalform)
);

create table inkasso.retningslinje (
    firmanr              smallint primary key references inkasso.firma,
    dekningsrekkefolge   smallint not null default 1,            -- 1 omkostninger, renter, hovedstol; 2 hovedstol, renter, omkostninger
    minste_avdrag        numeric(12,2) not null,                 -- without the fee
    maks_antall_avdrag   smallint not null,
    avdragsgebyr         numeric(12,2) not null,                 -- for each instalment
    avdragssalaer        numeric(12,2) not null,                 -- once, beyond salaerfrie_avdrag
    salaerfrie_avdrag    smallint not null,
    maks_utsettelse      smallint not null,                      -- days
    maks_omsokt          smallint not null default 180,          -- days; longer than maks_utsettelse a saksbehandler decides
    utsettelsesgebyr     numeric(12,2) not null default 0,
    fellesavtale         char(1) not null default 'J',           -- J/N
    avtale_stopper_salaer char(1) not null default 'J',          -- J/N
    lengste_avtale       smallint not null default 24,           -- avdrag; beyond maks_antall_avdrag a saksbehandler decides
    dager_til_brudd      smallint not null default 10,           -- after the forfall of an avdrag
    utsatte_avdrag       smallint not null default 2,            -- that an avtale allows
    ny_etter_brudd       char(1) not null default 'J'            -- J/N
);

create table inkasso.sats (
    type         smallint not null,                              -- 1 forsinkelsesrente
    gjelder_fra  date not null,
    prosent      numeric(5,2) not null,                          -- 12.25 a year
    kilde        varchar(120) not null,
    primary key (type, gjelder_fra)
);

create table inkasso.fordringshaver (
    fordringshaver_id  uuid primary key default gen_random_uuid(),
    navn               varchar(80) not null,
    orgnr              char(9),
    bransje            smallint not null default 99              -- 10 bank, 15 forsikring, 20 strøm, 25 tele, 30 helse, 35 trening,
);                                                               -- 40 handel, 50 transport, 55 parkering, 60 kommune, 65 husleie

create table inkasso.skyldner (
    skyldner_id  uuid primary key default gen_random_uuid(),
    type         char(1) not null default 'P',                   -- P person, E enkeltpersonforetak, F foretak
    fnr          char(11),
    orgnr        char(9),
    fornavn      varchar(60),
    etternavn    varchar(80) not null,                           -- a business has its whole name here
    epost        varchar(80),
    telefon      varchar(20),
    adresse      varchar(80),
    postnr       smallint,                                       -- 150 is 0150
    poststed     varchar(40),
    maalform     char(1) not null default 'B',                   -- B bokmål, N nynorsk, E engelsk
    merknad      text                                            -- the case handlers' own notes, for nobody else
);

create table inkasso.sak (
    saksnr             text primary key,                         -- year, number and check digit: 24-0012345-7
    skyldner_id        uuid not null references inkasso.skyldner,
    fordringshaver_id  uuid not null references inkasso.fordringshaver,
    status             smallint not null default 30,             -- 10 purring, 20 varsel, 30 betalingsoppfordring, 40 lett salær,
                                                                 -- 50 tungt salær, 60 rettslig, 70 overvåk,
                                                                 -- 80 oppgjort, 81 trukket, 82 foreldet
    rettsskritt        char(1),                                  -- K forliksklage, D dom, B begjæring, U utlegg, T trekk, P pant,
                                                                 -- I intet til utlegg, S tvangssalg; blank or null before court
    gjelder            varchar(120) not null,
    oppdragsgivers_ref varchar(40),
    registrert         date not null,
    frist              date,                                     -- null: no deadline is running
    avsluttet          date,                                     -- set when the case is closed
    rentetype          char(1) not null default 'L',             -- L lovens sats, A avtalt sats, I ingen renter
    rentesats          numeric(5,2),                             -- percent a year; read for rentetype A only
    rente_fra          date,
    avtale_fra         date,                                     -- first day of an agreement; null: none is offered
    kid                varchar(25) not null,
    kontonr            char(11) not null,
    betalingsmottaker  varchar(80) not null,
    saksbehandler      char(3),
    avtalegruppe       varchar(10),                              -- agreements join cases of one group; null: the common one
    check (rentetype <> 'A' or rentesats is not null),
    check (rentetype = 'I' or rente_fra is not null),
    check (status not between 80 and 89 or avsluttet is not null)
);
create index on inkasso.sak (skyldner_id);
create index on inkasso.sak (fordringshaver_id);

-- What a case demands: its invoices, credit notes and interest from before.
create table inkasso.fordring (
    saksnr      text not null references inkasso.sak,
    linjenr     smallint not null,
    type        char(1) not null default 'H' check (type in ('H', 'K', 'R')), -- H hovedkrav, K kreditnota (negative), R renter før rente_fra
    fakturanr   varchar(30),
    fakturadato date,
    forfall     date,
    belop       numeric(12,2) not null,
    primary key (saksnr, linjenr)
);

-- What debtors propose through Oversikt; what is trukket or avslått is not kept here.
create table inkasso.betalingsforslag (
    forslag      uuid primary key,
    skyldner_id  uuid not null references inkasso.skyldner,
    vilkaar      jsonb not null,
    status       char(1) not null default 'F',                   -- F foreslått, B bekreftet
    endret       timestamp not null default (now() at time zone 'Europe/Oslo')
);
create index on inkasso.betalingsforslag (skyldner_id);

-- Fees, collection fees and legal costs. A correction is a negative row that
-- points to what it corrects; kreditert drops a fee altogether.
create table inkasso.salaer (
    salaer_id   uuid primary key default gen_random_uuid(),
    saksnr      text not null references inkasso.sak,
    type        smallint not null,                               -- 1 purregebyr, 2 varsel, 3 betalingsoppfordring, 11 lett salær, 12 tungt salær (what it adds),
                                                                 -- 21 avdragsgebyr, 22 avdragssalær, 23 utsettelse, 24 standardkompensasjon,
                                                                 -- 31 rettsgebyr, 32 namsgebyr, 33 skrivesalær
    belop       numeric(12,2) not null,
    dato        date not null,
    kreditert   date,
    korrigerer  uuid references inkasso.salaer,
    hjemmel     varchar(120),
    forslag     uuid references inkasso.betalingsforslag,
    check ((korrigerer is null) = (belop >= 0))
);
create index on inkasso.salaer (forslag) where forslag is not null;
create index on inkasso.salaer (saksnr);
create index on inkasso.salaer (korrigerer) where korrigerer is not null;

create table inkasso.planlagt_kostnad (
    saksnr  text not null references inkasso.sak,
    dato    date not null,
    type    smallint not null,                                   -- as in salaer
    belop   numeric(12,2) not null,
    primary key (saksnr, dato, type)
);

-- What a confirmed betalingsforslag did to planlagt_kostnad: fra alone was taken away, til
-- alone was added, both were moved.
create table inkasso.forslag_kostnad (
    forslag  uuid not null references inkasso.betalingsforslag,
    saksnr   text not null references inkasso.sak,
    type     smallint not null,
    belop    numeric(12,2) not null,
    fra      date,
    til      date,
    check (num_nonnulls(fra, til) > 0)
);
create index on inkasso.forslag_kostnad (forslag);
create index on inkasso.forslag_kostnad (saksnr);

create table inkasso.sperre (
    sperre_id  uuid primary key default gen_random_uuid(),
    saksnr     text not null references inkasso.sak,
    aarsak     smallint not null,                                -- 1 innsigelse, 2 utsettelse, 3 avtale, 4 dødsbo, 5 gjeldsordning; 9 annet
    fra        date not null,
    til        date                                              -- the last day; null: until further notice
);
create index on inkasso.sperre (saksnr);

-- Letters, invoices, attachments and internal notes, all in one.
create table inkasso.brev (
    brev_id    uuid primary key default gen_random_uuid(),
    saksnr     text not null references inkasso.sak,
    type       char(2) not null,                                 -- FA faktura, PU purring, IV varsel, BO betalingsoppfordring, RV rettslig varsel,
                                                                 -- AV avtale, SI svar på innsigelse, KV kvittering, AN annet brev;
                                                                 -- VE vedlegg (no letter), NO internt notat (for nobody else)
    tittel     varchar(120) not null,
    kanal      char(1) not null default 'P',                     -- P post, E e-post, D Digipost, F eFaktura, M Min side, S SMS
    sendt      date not null,
    frist      char(8) not null default '00000000',              -- 20260301; 00000000: no deadline
    belop      numeric(12,2),
    opprettet  timestamp not null,                               -- Norwegian time, as every timestamp here
    filtype    char(3) not null default 'PDF',                   -- PDF, TIF, JPG, TXT
    storrelse  integer,                                          -- bytes; null: nothing is stored
    innhold    bytea,
    check (frist = '00000000' or to_char(to_date(frist, 'YYYYMMDD'), 'YYYYMMDD') = frist)
);
create index on inkasso.brev (saksnr);

create table inkasso.innbetaling (
    innbetaling_id  uuid primary key default gen_random_uuid(),
    saksnr          text not null references inkasso.sak,
    belop           numeric(12,2) not null,
    valutert        date not null,
    registrert      timestamp not null default (now() at time zone 'Europe/Oslo'),
    kanal           char(1) not null                             -- B bank, K kort, V Vipps, A AvtaleGiro, T trekk, F til fordringshaver
);
create index on inkasso.innbetaling (saksnr);

-- How a payment was set off, one column for each part.
create table inkasso.innbetaling_fordeling (
    innbetaling_id  uuid primary key references inkasso.innbetaling,
    hovedstol       numeric(12,2) not null default 0,
    renter          numeric(12,2) not null default 0,
    gebyr           numeric(12,2) not null default 0,            -- gebyr and salaer are both fees
    salaer          numeric(12,2) not null default 0,
    sakskostnader   numeric(12,2) not null default 0
);

create table inkasso.avtale (
    avtale_id    uuid primary key default gen_random_uuid(),
    skyldner_id  uuid not null references inkasso.skyldner,
    type         char(1) not null default 'A',                   -- A avdrag, U utenrettslig forlik
    status       char(1) not null,                               -- F forslag, V søkt om, N avslått, A aktiv, O oppfylt, B brutt, S slettet
    maanedsbelop numeric(12,2),                                  -- fee included
    startet      date not null,
    avsluttet    date,
    inngaatt     date,                                           -- null: what becomes of it is for people to tell
    varslet      date,                                           -- of a breach
    brudd        date,
    frist        smallint,                                       -- days from a forfall to the breach, as agreed
    utsettelser  smallint,                                       -- avdrag that may still be put off
    soekt        timestamp,
    avgjort      date,
    endret       date,                                           -- when what was left of it was last agreed anew
    svar         text,
    forslag      uuid references inkasso.betalingsforslag
);
create index on inkasso.avtale (skyldner_id);
create index on inkasso.avtale (forslag) where forslag is not null;
create index on inkasso.avtale (soekt) where status = 'V';

create table inkasso.avtale_sak (
    avtale_id  uuid not null references inkasso.avtale,
    saksnr     text not null references inkasso.sak,
    primary key (avtale_id, saksnr)
);
create index on inkasso.avtale_sak (saksnr);

create table inkasso.avdrag (
    avtale_id  uuid not null references inkasso.avtale,
    nr         smallint not null,
    forfall    date not null,
    belop      numeric(12,2) not null,                           -- without the fee
    gebyr      numeric(12,2) not null default 0,
    betalt     date,
    primary key (avtale_id, nr)
);

create table inkasso.innsigelse (
    innsigelse_id  uuid primary key default gen_random_uuid(),
    saksnr         text not null references inkasso.sak,
    status         char(1) not null default 'M',                 -- M mottatt, B behandles, G medhold, D delvis, A avslått, F forliksrådet, T trukket
    aarsaker       varchar(60) not null default '',              -- 01 ikke mitt, 02 betalt, 03 feil beløp, 04 ikke mottatt, 05 mangel, 06 avbestilt,
                                                                 -- 07 ingen faktura, 08 svindel, 09 foreldet, 99 annet; several: 02,07
    tekst          text,
    mottatt        timestamp not null,
    avgjort        date,
    svar           text,
    bestridt       numeric(12,2),                                -- null: all of it
    kontakt        char(1),                                      -- J, N: with the creditor; null: not said
    trukket        date,
    standpunkt     text                                          -- fordringshaverens
);
create index on inkasso.innsigelse (saksnr);

create table inkasso.kvittering (
    kvittering_id  uuid primary key default gen_random_uuid(),
    saksnr         text not null references inkasso.sak,
    betalt_til     char(1) not null,                             -- I inkassoforetaket, F fordringshaver
    betalt         date not null,
    belop          numeric(12,2) not null,
    tekst          text,
    antall_filer   smallint not null default 0,                  -- in the portal
    mottatt        timestamp not null,
    utfall         char(1),                                      -- G godtatt, D delvis, A avvist; null: not decided
    behandlet      date,
    svar           text
);
create index on inkasso.kvittering (saksnr);
create index on inkasso.kvittering (mottatt) where utfall is null;

create table inkasso.klage (
    klage_id   uuid primary key default gen_random_uuid(),
    saksnr     text not null references inkasso.sak,
    gjelder    varchar(60) not null default '',                  -- 01 påtrykk, 02 omtvistet, 03 varsel, 04 kostnader, 05 ikke slått sammen,
                                                                 -- 06 opplysning, 07 taushetsplikt, 08 ikke svar, 99 annet; several: 03,04
    tekst      text,
    mottatt    timestamp not null,
    svarfrist  date not null,
    utfall     char(1),                                          -- G medhold, D delvis, A avvist; null: not answered
    besvart    date,
    svar       text
);
create index on inkasso.klage (saksnr);
create index on inkasso.klage (mottatt) where utfall is null;

-- Planned costs that an innsigelse has stopped.
create table inkasso.stanset_kostnad (
    innsigelse_id  uuid not null references inkasso.innsigelse,
    saksnr         text not null references inkasso.sak,
    dato           date not null,
    type           smallint not null,
    belop          numeric(12,2) not null,
    primary key (innsigelse_id, dato, type)
);
create index on inkasso.stanset_kostnad (saksnr);

create table inkasso.melding (
    melding_id   uuid primary key default gen_random_uuid(),
    skyldner_id  uuid not null references inkasso.skyldner,
    saksnr       text references inkasso.sak,
    retning      char(1) not null,                               -- I inn (from the debtor), U ut (from the agency)
    emne         varchar(120),
    tekst        text not null,
    sendt        timestamp not null,
    lest         timestamp
);
create index on inkasso.melding (skyldner_id);

-- Hva skyldnere har fortalt om situasjonen sin. Uten gjelder_til er det trukket tilbake.
create table inkasso.vanske (
    skyldner_id  uuid primary key references inkasso.skyldner,
    koder        varchar(5) not null default '',                 -- S sykdom, I institusjon, T tolk, B betaling, A annet
    tolk         char(3),
    tekst        text,
    kanal        char(1),                                        -- T telefon, M melding, E e-post, B brev, A annen
    kl_fra       smallint,
    kl_til       smallint,
    meldt        timestamp not null,                             -- in Oslo
    gjelder_til  date
);

create table inkasso.henvendelse (
    henvendelse_id  uuid primary key default gen_random_uuid(),
    saksnr          text not null references inkasso.sak,
    type            smallint not null,                           -- 1 utsettelse, 2 avdragsordning, 3 kopi av faktura, 4 sletting av gebyr, 5 innsyn
    status          smallint not null default 0,                 -- 0 mottatt, 1 innvilget, 2 avslått, 3 trukket
    mottatt         timestamp not null,
    til             date,                                        -- utsettelse: the last day
    avgjort         date,
    svar            text,
    forslag         uuid references inkasso.betalingsforslag,
    begrunnelse     text,                                        -- the debtor's
    kostnad_uten    numeric(12,2),                               -- utsettelse: planned costs until then without it,
    kostnad_med     numeric(12,2),                               -- and with it and its fee
    gebyr           numeric(12,2) not null default 0             -- utsettelse: its fee, once it is innvilget
);
create index on inkasso.henvendelse (saksnr);
create index on inkasso.henvendelse (mottatt) where status = 0;
create index on inkasso.henvendelse (forslag) where forslag is not null;

create table inkasso.fullmakt (
    fullmakt_id       uuid primary key default gen_random_uuid(),
    skyldner_id       uuid not null references inkasso.skyldner,
    fullmektig_fnr    char(11),
    fullmektig_orgnr  char(9),
    fullmektig_navn   varchar(80) not null,
    rett              char(1) not null default 'I',              -- I innsyn, H handle på vegne av
    omfang            char(1) not null default 'A',              -- A alle saker, U utvalgte (fullmakt_sak)
    gjelder_fra       date not null,
    gjelder_til       date,
    tilbakekalt       timestamp,
    check (num_nonnulls(fullmektig_fnr, fullmektig_orgnr) = 1)
);
create index on inkasso.fullmakt (skyldner_id);

create table inkasso.fullmakt_sak (
    fullmakt_id  uuid not null references inkasso.fullmakt,
    saksnr       text not null references inkasso.sak,
    primary key (fullmakt_id, saksnr)
);

-- Passwords from letters; the user name is the case number. merke and avtrykk are of the
-- password in lower case, without blanks and dashes.
create table inkasso.passord (
    lopenr      bigint generated always as identity primary key,
    saksnr      text not null references inkasso.sak,
    merke       smallint not null,                               -- first byte of sha256 of the password
    avtrykk     varchar(150) not null,                           -- argon2id, as a PHC string
    utstedt     date not null,
    gyldig_til  date not null,
    unique (saksnr, merke)
);

create table inkasso.passordbestilling (
    saksnr  text not null references inkasso.sak,
    dato    date not null,
    maate   char(1) not null,                                    -- B brev, K kontaktpunkt
    av      char(1) not null,                                    -- S skyldner, innlogget; U ukjent
    levert  timestamptz,
    primary key (saksnr, dato)
);

-- Failed logins in a row, for any text that is typed as a case number (sha256 of it).
-- These times have a zone: a lock must not move with summer time.
create table inkasso.innlogging (
    nummer      bytea primary key,
    feil        integer not null default 0,
    sperret_til timestamptz,
    siste       timestamptz not null default now()
);
create index on inkasso.innlogging (siste);

create table inkasso.innloggingsforsok (
    forsok   uuid primary key,
    nummer   bytea not null references inkasso.innlogging on delete cascade,
    feilnr   integer not null,                                   -- its place in the row of failures
    passord  bigint,                                             -- lopenr of what was handed out
    tid      timestamptz not null,
    lyktes   timestamptz
);
create index on inkasso.innloggingsforsok (nummer);

-- fnr is char(11) and the contract's national_id is text. A comparison of
-- fnr::text with a text can't use an index on fnr (that one has the order of
-- char), so the cast itself is indexed. An index is all that the mapping asks
-- of this core; varchar columns would not have needed it.
create unique index skyldner_fnr on inkasso.skyldner ((fnr::text));
create index fullmakt_fnr on inkasso.fullmakt ((fullmektig_fnr::text));

create function inkasso.i_dag() returns date
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select (now() at time zone 'Europe/Oslo')::date
$$;
