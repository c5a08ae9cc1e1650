-- A core that keeps books: every amount is a line of a double-entry journal, in kroner with
-- four decimals. Keys are an office and a serial number, days are whole numbers (20260131),
-- codes are looked up, what was ever booked or sent is deleted by a mark, and what grows with the years is
-- partitioned by them. Oversikt never sees it: views.sql translates.

create schema journal;

create domain journal.day as integer                             -- 0: none
    check (value = 0 or to_char(to_date(value::text, 'YYYYMMDD'), 'YYYYMMDD') = value::text);

-- What the codes of all tables mean; a code that is not here means nothing to anybody.
create table journal.code (
    list   text not null,
    code   text not null,
    means  text not null,
    primary key (list, code)
);

create table journal.agency (
    name            text not null,
    org_number      text not null,
    phone           text,
    email           text,
    website         text,
    postal_address  text
);

-- What is the agency's own, by code: 1 domain, 2 sender, 3 telephone number, 4 account.
create table journal.channel (
    code   text not null,
    value  text not null,
    primary key (code, value)
);

create table journal.question (
    number    integer not null,
    key       text not null,
    language  text not null,                                     -- by code
    asked     text not null,
    answered  text not null,
    replaced  bigint,                                            -- when it was taken out of use; a soft delete
    primary key (number, language)
);

create table journal.policy (
    imputation      text not null,
    min_instalment  numeric(15,4) not null,
    max_instalments smallint not null,
    instalment_fee  numeric(15,4) not null,
    setup_fee       numeric(15,4) not null,
    setup_free      smallint not null,
    max_deferral    smallint not null,
    max_asked       smallint not null default 180,               -- beyond max_deferral a case worker decides
    deferral_fee    numeric(15,4) not null,
    joint           boolean not null,
    stops_costs     boolean not null,
    plan_most       smallint not null default 24,                -- instalments; beyond max_instalments somebody decides
    grace           smallint not null default 14,                -- days
    skips           smallint not null default 1,
    again           boolean not null default true                -- a plan after one that was broken
);

create table journal.rate (
    kind        text not null,
    valid_from  journal.day not null,
    percent     numeric(7,4) not null,                           -- 12.2500 a year
    source      text not null,
    primary key (kind, valid_from)
);

create table journal.creditor (
    creditor    integer primary key,
    name        text not null,
    org_number  text,
    trade       text not null
);

create table journal.debtor (
    office       smallint not null,
    serial       bigint not null,
    kind         text not null,
    national_id  text,
    org_number   text,
    name         text not null,
    email        text,
    phone        text,
    street       text,
    postal_code  text,
    city         text,
    language     text not null,
    deleted_at   timestamptz,
    primary key (office, serial)
);
create unique index on journal.debtor (national_id) where deleted_at is null;
create index on journal.debtor ((office::text || '-' || serial::text));

create table journal.case (
    office          smallint not null,
    serial          bigint not null,
    number          text not null,                               -- in letters
    debtor_office   smallint not null,
    debtor_serial   bigint not null,
    creditor        integer not null references journal.creditor,
    phase           text not null,
    step            text,
    description     text not null,
    creditor_ref    text,
    opened_on       journal.day not null,
    due_on          journal.day not null default 0,
    closed_on       journal.day not null default 0,
    interest_from   journal.day not null default 0,
    percent         numeric(7,4) not null default 0,             -- 0: the rate of the law
    agreement_from  journal.day not null default 0,
    agreement_group text,                                        -- agreements join cases of one group
    kid             text not null,
    account         text not null,
    payee           text not null,
    deleted_at      timestamptz,
    primary key (office, serial),
    foreign key (debtor_office, debtor_serial) references journal.debtor
);
create unique index on journal.case (number) where deleted_at is null;
create index on journal.case ((office::text || '-' || serial::text));
create index on journal.case ((debtor_office::text || '-' || debtor_serial::text));
create index on journal.case (creditor);

-- What debtors propose through Oversikt. The tables that came with it have its keys of cases and
-- debtors, and days that are dates.
create table journal.proposal (
    proposal   uuid primary key,
    debtor_id  text not null,
    terms      jsonb not null,
    status     char(1) not null default 'F'                      -- F proposed, B confirmed
);
create index on journal.proposal (debtor_id);

-- What a confirmed proposal did to planned costs: a cost without comes_on was taken away, one
-- without was_on was added, others were moved.
create table journal.proposal_cost (
    proposal  uuid not null references journal.proposal,
    case_id   text not null,
    cost      text not null,
    amount    numeric(15,4) not null,
    was_on    date,
    comes_on  date,
    check (num_nonnulls(was_on, comes_on) > 0)
);
create index on journal.proposal_cost (proposal);
create index on journal.proposal_cost (case_id);

-- What happened in a case: its amounts are postings. A voucher is booked on one day, and so are
-- its postings: who has the voucher knows in which partition they are.
create table journal.voucher (
    office           smallint not null,
    serial           bigint not null,
    kind             text not null check (kind in ('K', 'C', 'R', 'F', 'W', 'P')), -- K an invoice, C a credit note to it, R interest from before,
                                                                 -- F a cost, W a cost that is let go, P a payment
    case_office      smallint not null,
    case_serial      bigint not null,
    booked_on        integer not null,
    place            smallint,                                   -- K: among the invoices of the case
    invoice          text,
    issued_on        journal.day not null default 0,
    due_on           journal.day not null default 0,
    cost             text,                                       -- F
    legal_basis      text,
    reverses_office  smallint,                                   -- W: the cost; C: the invoice
    reverses_serial  bigint,
    channel          text,                                       -- P
    registered_at    timestamptz,
    proposal         uuid,                                       -- that a fee comes from, also when it is undone
    deleted_at       timestamptz,
    primary key (office, serial),
    foreign key (case_office, case_serial) references journal.case,
    foreign key (reverses_office, reverses_serial) references journal.voucher
);
create index on journal.voucher (case_office, case_serial);
create index on journal.voucher (proposal) where proposal is not null;
create index on journal.voucher (reverses_office, reverses_serial) where kind in ('W', 'C');
create index on journal.voucher ((case_office::text || '-' || case_serial::text));
create index on journal.voucher ((office::text || '-' || serial::text));

-- Debit is above zero, credit below; the lines of a voucher sum to zero. Accounts 1500 to 1599
-- are claims on debtors: 1500 principal, 1510 interest, 1520 fees, 1530 legal costs. Interest that
-- runs is booked when it is paid for, so 1510 may stand in credit.
create table journal.posting (
    office     smallint not null,
    voucher    bigint not null,
    line       smallint not null,
    booked_on  integer not null,
    account    smallint not null,
    amount     numeric(15,4) not null,
    primary key (office, voucher, line, booked_on),
    foreign key (office, voucher) references journal.voucher
) partition by range (booked_on);

create table journal.letter (
    office       smallint not null,
    serial       bigint not null,
    case_office  smallint not null,
    case_serial  bigint not null,
    kind         text not null,
    title        text not null,
    channel      text not null,
    sent_on      integer not null,
    due_on       journal.day not null default 0,
    amount       numeric(15,4),
    created_at   timestamptz not null,
    bytes        bigint not null,
    deleted_at   timestamptz,
    primary key (office, serial, sent_on),
    foreign key (case_office, case_serial) references journal.case
) partition by range (sent_on);
create index on journal.letter ((case_office::text || '-' || case_serial::text));
create index on journal.letter ((office::text || '-' || serial::text));

-- One partition a year; the old years are one.
do $$
declare
    y integer;
begin
    for y in 2019..2028 loop
        execute format('create table journal.posting_%1$s partition of journal.posting for values from (%2$s) to (%3$s)',
            y, case y when 2019 then 'minvalue' else (y * 10000 + 101)::text end,
            case y when 2028 then 'maxvalue' else (y * 10000 + 10101)::text end);
        execute format('create table journal.letter_%1$s partition of journal.letter for values from (%2$s) to (%3$s)',
            y, case y when 2019 then 'minvalue' else (y * 10000 + 101)::text end,
            case y when 2028 then 'maxvalue' else (y * 10000 + 10101)::text end);
    end loop;
end $$;

create table journal.planned_cost (
    case_office  smallint not null,
    case_serial  bigint not null,
    planned_on   journal.day not null,
    cost         text not null,
    amount       numeric(15,4) not null,
    primary key (case_office, case_serial, planned_on, cost),
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.planned_cost ((case_office::text || '-' || case_serial::text));

create table journal.stop (
    case_office  smallint not null,
    case_serial  bigint not null,
    why          text not null,
    since        journal.day not null,
    until        journal.day not null default 0,                 -- the last day
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.stop (case_office, case_serial);

create table journal.agreement (
    office         smallint not null,
    serial         bigint not null,
    debtor_office  smallint not null,
    debtor_serial  bigint not null,
    kind           text not null,
    status         text not null,
    monthly        numeric(15,4),
    started_on     journal.day not null,
    ended_on       journal.day not null default 0,
    agreed_on      journal.day not null default 0,               -- 0: what becomes of it is for people to tell
    warned_on      journal.day not null default 0,
    breach_on      journal.day not null default 0,
    grace          smallint,                                     -- days, as agreed
    skips          smallint,                                     -- that are left
    asked_at       timestamptz,
    decided_on     journal.day not null default 0,
    changed_on     journal.day not null default 0,               -- when what was left of it was last agreed anew
    reply          text,
    proposal       uuid references journal.proposal,
    primary key (office, serial),
    foreign key (debtor_office, debtor_serial) references journal.debtor
);
create index on journal.agreement (proposal) where proposal is not null;
create index on journal.agreement (asked_at) where status = 'V';
create index on journal.agreement ((office::text || '-' || serial::text));
create index on journal.agreement ((debtor_office::text || '-' || debtor_serial::text));

create table journal.agreement_case (
    office       smallint not null,
    serial       bigint not null,
    case_office  smallint not null,
    case_serial  bigint not null,
    primary key (office, serial, case_office, case_serial),
    foreign key (office, serial) references journal.agreement,
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.agreement_case (case_office, case_serial);
create index on journal.agreement_case ((case_office::text || '-' || case_serial::text));
create index on journal.agreement_case ((office::text || '-' || serial::text));

create table journal.instalment (
    office   smallint not null,
    serial   bigint not null,
    number   smallint not null,
    due_on   journal.day not null,
    amount   numeric(15,4) not null,                             -- without the fee
    fee      numeric(15,4) not null,
    paid_on  journal.day not null default 0,
    primary key (office, serial, number),
    foreign key (office, serial) references journal.agreement
);
create index on journal.instalment ((office::text || '-' || serial::text));

create table journal.objection (
    office        smallint not null,
    serial        bigint not null,
    case_office   smallint not null,
    case_serial   bigint not null,
    status        text not null,
    reasons       text not null default '',                      -- codes with commas between them
    statement     text,
    submitted_at  timestamptz not null,
    decided_on    journal.day not null default 0,
    reply         text,
    disputed      numeric(15,4),                                 -- null: all of it
    contact       boolean,                                       -- with the creditor
    withdrawn_on  journal.day not null default 0,
    standpoint    text,                                          -- the creditor's
    files         smallint not null default 0,                   -- that the portal keeps
    primary key (office, serial),
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.objection ((office::text || '-' || serial::text));
create index on journal.objection (case_office, case_serial);
create index on journal.objection ((case_office::text || '-' || case_serial::text));

-- Planned costs that an objection has stopped.
create table journal.stopped_cost (
    office      smallint not null,
    serial      bigint not null,
    planned_on  journal.day not null,
    cost        text not null,
    amount      numeric(15,4) not null,
    primary key (office, serial, planned_on, cost),
    foreign key (office, serial) references journal.objection
);

create table journal.deferral (
    office        smallint not null,
    serial        bigint not null,
    case_office   smallint not null,
    case_serial   bigint not null,
    status        text not null,
    requested_at  timestamptz not null,
    until         journal.day not null,
    decided_on    journal.day not null default 0,
    reply         text,
    reason        text,                                          -- the debtor's
    cost_before   numeric(15,4),                                 -- planned costs until then without it,
    cost_after    numeric(15,4),                                 -- and with it and its fee
    fee           numeric(15,4) not null default 0,              -- once it is granted
    proposal      uuid references journal.proposal,
    primary key (office, serial),
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.deferral (proposal) where proposal is not null;
create index on journal.deferral (requested_at) where status = '0';
create index on journal.deferral (case_office, case_serial);
create index on journal.deferral ((case_office::text || '-' || case_serial::text));

create table journal.receipt (
    office        smallint not null,
    serial        bigint not null,
    case_office   smallint not null,
    case_serial   bigint not null,
    kind          text not null,
    paid_on       journal.day not null,
    amount        numeric(15,4) not null,
    statement     text,
    files         smallint not null default 0,                   -- that the portal keeps
    status        text not null default '0',
    submitted_at  timestamptz not null,
    decided_on    journal.day not null default 0,
    reply         text,
    primary key (office, serial),
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.receipt (submitted_at) where status = '0';
create index on journal.receipt (case_office, case_serial);
create index on journal.receipt ((case_office::text || '-' || case_serial::text));

create table journal.copy_order (
    office       smallint not null,
    serial       bigint not null,
    case_office  smallint not null,
    case_serial  bigint not null,
    status       text not null default '0',                      -- as of a deferral
    ordered_at   timestamptz not null,
    answered_on  journal.day not null default 0,
    reply        text,
    primary key (office, serial),
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.copy_order (ordered_at) where status = '0';
create index on journal.copy_order (case_office, case_serial);
create index on journal.copy_order ((case_office::text || '-' || case_serial::text));

create table journal.complaint (
    office        smallint not null,
    serial        bigint not null,
    case_office   smallint not null,
    case_serial   bigint not null,
    status        text not null default '0',
    about         text not null default '',                      -- codes with commas between them
    statement     text,
    submitted_at  timestamptz not null,
    answer_by     journal.day not null,
    answered_on   journal.day not null default 0,
    reply         text,
    files         smallint not null default 0,                   -- that the portal keeps
    primary key (office, serial),
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.complaint (submitted_at) where status = '0';
create index on journal.complaint (case_office, case_serial);
create index on journal.complaint ((case_office::text || '-' || case_serial::text));

create table journal.message (
    office         smallint not null,
    serial         bigint not null,
    debtor_office  smallint not null,
    debtor_serial  bigint not null,
    case_office    smallint,
    case_serial    bigint,
    sender         text not null,
    subject        text,
    body           text not null,
    sent_at        timestamptz not null,
    read_at        timestamptz,
    primary key (office, serial),
    foreign key (debtor_office, debtor_serial) references journal.debtor,
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.message ((debtor_office::text || '-' || debtor_serial::text));

-- What a debtor has told of their situation; until 0 is taken back.
create table journal.trouble (
    debtor_office  smallint not null,
    debtor_serial  bigint not null,
    kinds          text not null default '',                     -- codes with commas between them
    interpreter    text,
    words          text,
    reach          text,
    opens          numeric(4,2),                                 -- hours
    closes         numeric(4,2),
    said_at        timestamptz not null,
    until          journal.day not null default 0,
    primary key (debtor_office, debtor_serial),
    foreign key (debtor_office, debtor_serial) references journal.debtor
);
create index on journal.trouble ((debtor_office::text || '-' || debtor_serial::text));

create table journal.power (
    office         smallint not null,
    serial         bigint not null,
    debtor_office  smallint not null,
    debtor_serial  bigint not null,
    national_id    text,
    org_number     text,
    name           text not null,
    may_act        boolean not null,
    all_cases      boolean not null,
    valid_from     journal.day not null,
    valid_until    journal.day not null default 0,
    revoked_at     timestamptz,
    primary key (office, serial),
    foreign key (debtor_office, debtor_serial) references journal.debtor
);
create index on journal.power ((office::text || '-' || serial::text));
create index on journal.power ((debtor_office::text || '-' || debtor_serial::text));
create index on journal.power (national_id);

create table journal.power_case (
    office       smallint not null,
    serial       bigint not null,
    case_office  smallint not null,
    case_serial  bigint not null,
    primary key (office, serial, case_office, case_serial),
    foreign key (office, serial) references journal.power,
    foreign key (case_office, case_serial) references journal.case
);
create index on journal.power_case ((office::text || '-' || serial::text));

-- Cases that people claim; the number is what they typed, and there need be no such case.
create table journal.claimed (
    office         smallint not null,
    serial         bigint not null,
    national_id    text not null,
    name           text,
    number         text not null,
    words          text,
    by_password    boolean not null,
    outcome        text not null default '0',
    claimed_at     timestamptz not null,
    answered_on    journal.day not null default 0,
    reply          text,
    primary key (office, serial)
);
create unique index on journal.claimed (national_id, number) where outcome = '0';
create index on journal.claimed (national_id);
create index on journal.claimed ((office::text || '-' || serial::text));
create index on journal.claimed (claimed_at) where outcome = '0';

-- Passwords from letters; the user name is the number of the case.
create table journal.credential (
    nr           bigint generated always as identity primary key,
    case_office  smallint not null,
    case_serial  bigint not null,
    mark         smallint not null,                              -- first byte of sha256 of the password
    hash         text not null,                                  -- argon2id, as a PHC string
    issued_on    date not null,
    valid_until  date not null,
    unique (case_office, case_serial, mark),
    foreign key (case_office, case_serial) references journal.case
);

create table journal.credential_order (
    case_office  smallint not null,
    case_serial  bigint not null,
    ordered_on   date not null,
    by_letter    boolean not null,
    by_stranger  boolean not null,                               -- somebody who was not logged in
    sent_at      timestamptz,
    primary key (case_office, case_serial, ordered_on),
    foreign key (case_office, case_serial) references journal.case
);

-- Failed logins in a row, for any text that is typed as a number of a case (sha256 of it).
create table journal.login (
    number        bytea primary key,
    failures      integer not null default 0,
    locked_until  timestamptz,
    last_at       timestamptz not null default now()
);
create index on journal.login (last_at);

create table journal.login_attempt (
    attempt     uuid primary key,
    number      bytea not null references journal.login on delete cascade,
    place       integer not null,                                -- in the row of failures
    credential  bigint,                                          -- what was handed out
    made_at     timestamptz not null,
    succeeded   timestamptz
);
create index on journal.login_attempt (number);

create function journal.today() returns date
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select (now() at time zone 'Europe/Oslo')::date
$$;

create function journal.day_of(d date) returns integer
language sql stable as $$
    select coalesce(to_char(d, 'YYYYMMDD')::integer, 0)
$$;

create function journal.date_of(d integer) returns date
language sql stable as $$
    select to_date(nullif(d, 0)::text, 'YYYYMMDD')
$$;
