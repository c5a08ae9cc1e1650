-- +goose Up
-- The keys that rows were written with: docs/keys.md. A check value tells a key apart and says
-- nothing of it. Whoever opens the database without one of these is refused.
create table portal.key (
    name        text        not null check (name in ('portalKey', 'idKey', 'older references')),
    check_value bytea       not null check (octet_length(check_value) = 32),
    sealed      bytea,                                  -- what makes the older references
    since       timestamptz not null default now(),
    primary key (name, check_value)
);

-- References from before they could change their key are hashes with a key. The service adds
-- that key, sealed, when it starts.
insert into portal.key (name, check_value)
select 'older references', decode(repeat('00', 32), 'hex')
where exists (select from portal.act) or exists (select from portal.access_log) or exists (select from portal.session)
   or exists (select from portal.privacy_request) or exists (select from portal.power_of_attorney)
   or exists (select from portal.staff_lookup) or exists (select from portal.throttle);

-- resealing says that whoever owns all this gives rows another key. Nobody else can say so.
-- +goose StatementBegin
create function portal.resealing() returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(current_setting('oversikt.reseal', true), '') = 'on'
       and pg_has_role(current_user, (select nspowner from pg_namespace where nspname = 'portal'), 'USAGE')
$$;
-- +goose StatementEnd
revoke execute on function portal.resealing() from public;

-- Another key changes how a reference is written, not whose it is.
-- +goose StatementBegin
create or replace function portal.access_log_is_append_only() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'UPDATE' and portal.resealing() then
        return null;
    end if;
    raise exception '% of the access log is refused: it is append-only', tg_op
        using errcode = 'insufficient_privilege', hint = 'Retention: portal.drop_access_log_before(date).';
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function portal.act_ends_once() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if portal.resealing() and to_jsonb(new) - '{subject,actor,digest,by_name,whose,kept,kept_from}'::text[]
                            = to_jsonb(old) - '{subject,actor,digest,by_name,whose,kept,kept_from}'::text[] then
        return new;
    elsif old.ended_at is not null and new is distinct from old then
        raise exception 'what has ended stays so' using errcode = 'insufficient_privilege';
    elsif old.decision is not null and new.decision is distinct from old.decision then
        raise exception 'a decision is taken once' using errcode = 'insufficient_privilege';
    end if;
    new.kept := case when new.decision is distinct from 'WITHDRAW' then old.kept end;
    return new;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function portal.power_of_attorney_is_revoked_once() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if portal.resealing() and to_jsonb(new) - '{grantor,attorney,sealed,document}'::text[]
                            = to_jsonb(old) - '{grantor,attorney,sealed,document}'::text[] then
        return new;
    end if;
    raise exception 'a power of attorney that was revoked stays so' using errcode = 'insufficient_privilege';
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$
begin
    raise exception 'references cannot be taken back to the keyed hashes of before: restore the backup';
end $$;
-- +goose StatementEnd
