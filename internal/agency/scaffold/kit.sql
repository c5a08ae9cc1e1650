-- A kit for what many cores need. What views call is granted to the role; the rest is for rules.
create schema if not exists KIT;

-- A day as YYYYMMDD, such as 20260301; null where it is none, as 00000000.
create or replace function KIT.day(text) returns date language sql immutable strict parallel safe as $$
    select case when $1 ~ '^[12][0-9]{3}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$'
                 and substr($1, 7, 2)::integer <= extract(day from make_date(substr($1, 1, 4)::integer, substr($1, 5, 2)::integer, 1)
                                                          + interval '1 month' - interval '1 day')
                then make_date(substr($1, 1, 4)::integer, substr($1, 5, 2)::integer, substr($1, 7, 2)::integer) end
$$;

-- The sum of digits times weights, from the left.
create or replace function KIT.weighted(digits text, weights integer[]) returns integer language sql immutable strict parallel safe as $$
    select sum(substr($1, i, 1)::integer * $2[i])::integer from generate_series(1, least(length($1), cardinality($2))) i
$$;

-- Whether a text is a national identity number or D-number: a day of birth and two check digits.
create or replace function KIT.is_national_id(text) returns boolean language sql immutable strict parallel safe as $$
    select $1 ~ '^[0-9]{11}$'
       and KIT.weighted($1, '{3,7,6,1,8,9,4,5,2,1}') % 11 = 0
       and KIT.weighted($1, '{5,4,3,2,7,6,5,4,3,2,1}') % 11 = 0
$$;

-- Whether a text is an organisation number.
create or replace function KIT.is_org_number(text) returns boolean language sql immutable strict parallel safe as $$
    select $1 ~ '^[89][0-9]{8}$' and KIT.weighted($1, '{3,2,7,6,5,4,3,2,1}') % 11 = 0
$$;

-- The check digit that makes digits a payment reference (KID), by modulus 10.
create or replace function KIT.kid_mod10(text) returns text language sql immutable strict parallel safe as $$
    select ((10 - sum(case when i % 2 = 1 then d * 2 / 10 + d * 2 % 10 else d end) % 10) % 10)::text
    from (select i, substr(reverse($1), i, 1)::integer as d from generate_series(1, length($1)) i) x
$$;

-- The same by modulus 11; '-' where the digit would be 10.
create or replace function KIT.kid_mod11(text) returns text language sql immutable strict parallel safe as $$
    select case r when 10 then '-' else r::text end
    from (select (11 - sum(substr(reverse($1), i, 1)::integer * (2 + (i - 1) % 6))::integer % 11) % 11 as r
          from generate_series(1, length($1)) i) x
$$;

create table if not exists KIT.done (
    key     uuid primary key,
    digest  bytea not null,
    at      timestamptz not null default now()
);

-- Whether what a key stands for is to be done now: false where the same was done, an error where the
-- key stands for something else. Call it within the transaction of the act.
create or replace function KIT.once(key uuid, what text) returns boolean language plpgsql volatile as $$
declare
    mark constant bytea := sha256(convert_to(what, 'UTF8'));
begin
    insert into KIT.done values ($1, mark) on conflict do nothing;
    if found then
        return true;
    end if;
    if (select d.digest from KIT.done d where d.key = $1) <> mark then
        raise exception 'the key stands for something else' using errcode = 'unique_violation';
    end if;
    return false;
end $$;

create table if not exists KIT.attempt (
    subject  bytea not null,
    at       timestamptz not null default clock_timestamp()
);
create index if not exists attempt_subject on KIT.attempt (subject, at);

-- Notes an attempt, and says whether it is within so many in a time. The subject is kept as a digest.
create or replace function KIT.throttle(subject text, most integer, within interval) returns boolean language plpgsql volatile as $$
declare
    mark constant bytea := sha256(convert_to(subject, 'UTF8'));
begin
    perform pg_advisory_xact_lock(hashtextextended(encode(mark, 'hex'), 0));
    delete from KIT.attempt a where a.subject = mark and a.at < clock_timestamp() - within;
    if (select count(*) from KIT.attempt a where a.subject = mark) >= most then
        return false;
    end if;
    insert into KIT.attempt values (mark);
    return true;
end $$;

revoke all on all functions in schema KIT from public;
grant execute on function KIT.day(text) to ROLE;
