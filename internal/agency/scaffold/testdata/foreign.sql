-- A small collection system of another country, with keys of two parts.
create schema coll;
create table coll.client (client_no integer primary key, name text not null, company_no char(9), sector text);
create table coll.customers (branch_no smallint, customer_no integer, first_name text, last_name text not null, nin char(11),
    e_mail text, mobile text, street text, zip char(4), town text, lang char(2), primary key (branch_no, customer_no));
create table coll.claim (
    branch_no smallint, claim_no bigint, customer_no integer not null, client_no integer not null references coll.client,
    state varchar(8) not null, stage smallint not null, details text not null, client_ref text,
    opened timestamptz not null, deadline date, closed_at timestamptz, principal_cents bigint not null, prior_interest_cents bigint not null,
    interest_start date, agreed_rate numeric(5,2), payment_ref text not null, bank_account text not null, payee_name text not null,
    primary key (branch_no, claim_no), foreign key (branch_no, customer_no) references coll.customers);
create table coll.charges (id bigint generated always as identity primary key, branch_no smallint not null, claim_no bigint not null,
    category smallint not null, amount numeric(12,2) not null, charged_on date not null, cancelled_on date,
    foreign key (branch_no, claim_no) references coll.claim);
create table coll.receipts (receipt_no uuid primary key default gen_random_uuid(), branch_no smallint not null, claim_no bigint not null,
    amount numeric(12,3) not null, value_date date not null, booked_at timestamp not null, method char(1) not null,
    foreign key (branch_no, claim_no) references coll.claim);
create table coll.notices (id bigint primary key, branch_no smallint not null, claim_no bigint not null, type text not null,
    heading text not null, sent_by text not null, sent timestamptz not null, due integer, total integer,
    foreign key (branch_no, claim_no) references coll.claim);
insert into coll.client values (1, 'Strøm AS', '123456785', 'POWER');
insert into coll.customers values (1, 1, 'Prøve', 'Person', '17912099997', null, null, 'Gata 1', '0150', 'Oslo', 'nb'),
    (2, 1, 'Annen', 'Person', null, null, null, null, null, null, 'nb');
insert into coll.claim values (1, 1001, 1, 1, 'RUN', 3, 'Strøm', 'F1', '2026-02-01', null, null, 100050, 0, '2026-02-15', null,
    '12344', '86011117947', 'Inkasso AS');
insert into coll.charges (branch_no, claim_no, category, amount, charged_on) values (1, 1001, 7, 35.00, '2026-02-10');
insert into coll.receipts (branch_no, claim_no, amount, value_date, booked_at, method) values (1, 1001, 10.005, '2026-03-01', '2026-03-01', 'B');
insert into coll.notices values (1, 1, 1001, 'DEM', 'Krav', 'POST', '2026-02-12', 20260226, 103550);
