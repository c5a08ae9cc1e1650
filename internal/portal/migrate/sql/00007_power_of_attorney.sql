-- +goose Up
-- A power of attorney that a debtor has given. Whoever reads this table learns neither from
-- whom nor to which person it is: persons are keyed hashes, and the rest is sealed.
create table portal.power_of_attorney (
    id             uuid        primary key,
    grantor        bytea       not null check (octet_length(grantor) = 32),   -- reference of the person
    key            uuid        not null,                                      -- the grantor's idempotency key
    attorney       bytea       check (octet_length(attorney) = 32),           -- reference of the person
    org_number     text        check (org_number ~ '^[0-9]{9}$'),             -- of the organisation
    sealed         bytea       not null,                                      -- the two of them, and the single cases
    agencies       text[]      check (cardinality(agencies) between 1 and 100), -- covered whole; null with covers_all
    covers_all     boolean     not null,                                      -- every case, at later agencies too
    may_act        boolean     not null,
    valid_from     date        not null,
    valid_until    date        not null,
    signed         text        not null check (signed in ('BANKID', 'DOCUMENT')),
    issuer         text        not null,                                      -- of the login that it was given in
    acr            text        not null,
    document       bytea       check (octet_length(document) <= 5243136),     -- sealed
    document_type  text        check (document_type in ('PDF', 'JPEG', 'PNG')),
    document_size  integer     check (document_size between 1 and 5242880),   -- bytes
    created_at     timestamptz not null,
    revoked_at     timestamptz,
    revocation_key uuid,                                                      -- the idempotency key of the revocation
    unique (grantor, key),
    unique (grantor, revocation_key),
    check ((attorney is null) <> (org_number is null)),
    check (attorney is distinct from grantor),
    check (not covers_all or agencies is null),
    check (valid_until between valid_from and valid_from + interval '2 years'),
    check ((signed = 'DOCUMENT') = (document is not null and document_type is not null and document_size is not null)),
    check (revoked_at is null or revocation_key is not null)
);
create index power_of_attorney_attorney on portal.power_of_attorney (attorney) where revoked_at is null;
create index power_of_attorney_org_number on portal.power_of_attorney (org_number) where revoked_at is null;

-- What each agency has been told of it. A row is due at next_at and leased by moving it.
create table portal.power_of_attorney_agency (
    power      uuid        not null references portal.power_of_attorney,
    agency     text        not null check (length(agency) <= 20),
    give_key   uuid        not null,                                 -- sent to the agency
    revoke_key uuid        not null,                                 -- sent to the agency
    agency_key text        check (length(agency_key) <= 200),        -- the agency's own name for it
    refusal    text        check (refusal in ('NOT_NEEDED', 'REFUSED')), -- why the agency has not got it
    told_at    timestamptz,
    ended_at   timestamptz,                                          -- when the agency knew of the revocation
    attempts   integer     not null default 0,
    next_at    timestamptz,                                          -- null: nothing is to be told
    primary key (power, agency)
);
create index power_of_attorney_agency_due on portal.power_of_attorney_agency (next_at) where next_at is not null;

grant select, insert, update (revoked_at, revocation_key) on portal.power_of_attorney to oversikt_portal;
grant select, insert, update (give_key, agency_key, refusal, told_at, ended_at, attempts, next_at) on portal.power_of_attorney_agency to oversikt_portal;

-- +goose Down
drop table portal.power_of_attorney_agency;
drop table portal.power_of_attorney;
