-- Who comes in and for whom: login with a letter's password, and the rules of contact details
-- and powers of attorney. Each is described in docs/contract.md.

-- A hash of nothing that anybody could type, of the same cost as a real one.
create function core.dummy_hash() returns text
language sql immutable as $$
    select '$argon2id$v=19$m=19456,t=2,p=1$XmhlCApvQtxHBl9k6LqQNQ$YQFkQ2Ci7/V0JMYdQv9CaurzeJOOS2v8JOtbnC+6Si8'
$$;

-- How long nobody may try after so many failures in a row, null for no time at all.
create function core.login_delay(failures integer) returns interval
language sql immutable as $$
    select case when failures >= 5 then least(interval '30 seconds' * 2 ^ least(failures - 5, 12), interval '24 hours') end
$$;

-- Forgets numbers that nobody has tried for a month: in that time a guesser who waits out
-- every delay has more tries than a new row gives.
create function core.forget_logins() returns void
language sql volatile as $$
    delete from core.login_throttle
    where number_hash in (select number_hash from core.login_throttle
                          where last_at < now() - interval '30 days'
                          order by last_at limit 20
                          for update skip locked)
$$;

create function oversikt.case_login(
    case_number text, password_mark integer,
    out case_id text, out national_id text, out password_hash text, out attempt uuid, out wait_seconds integer)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked alias for $1;
    given bigint; -- the password whose hash is handed out
    mark  bytea := sha256(convert_to(asked, 'UTF8'));
    tried timestamptz;
    state core.login_throttle;
begin
    perform core.forget_logins();
    insert into core.login_throttle (number_hash) values (mark) on conflict do nothing;
    select * into state from core.login_throttle t where t.number_hash = mark for update;
    tried := clock_timestamp(); -- others may have tried while this one waited
    if state.locked_until > tried then
        wait_seconds := ceil(extract(epoch from state.locked_until - tried));
        return;
    end if;

    update core.login_throttle t
    set failures = t.failures + 1, locked_until = tried + core.login_delay(t.failures + 1), last_at = tried
    where t.number_hash = mark;
    select c.case_id::text, d.national_id, max(p.credential_id) filter (where p.mark = $2), max(p.password_hash) filter (where p.mark = $2)
    into case_id, national_id, given, password_hash
    from core.case c
    join core.debtor d using (debtor_id)
    join core.case_credential p using (case_id)
    where c.case_number = asked and p.valid_until >= core.today()
    group by c.case_id, d.national_id;
    insert into core.login_attempt (attempt, number_hash, nth, credential_id, made_at)
    values (gen_random_uuid(), mark, state.failures + 1, given, tried)
    returning login_attempt.attempt into attempt;
    password_hash := coalesce(password_hash, core.dummy_hash());
    wait_seconds := 0;
end
$$;

create function oversikt.case_login_succeeded(attempt uuid, out status text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    which alias for $1;
    made  core.login_attempt;
    used  core.case_credential;
begin
    select p.* into used
    from core.login_attempt a join core.case_credential p using (credential_id)
    where a.attempt = which;
    update core.login_attempt a set succeeded_at = now()
    where a.attempt = which and a.succeeded_at is null and a.made_at > now() - interval '10 minutes'
      and (a.credential_id is null or a.credential_id = used.credential_id)
    returning * into made;
    if found then
        delete from core.case_credential p where p.case_id = used.case_id and p.credential_id < used.credential_id;
        -- Those that came after it have not succeeded.
        update core.login_throttle t
        set failures = greatest(t.failures - made.nth, 0),
            locked_until = case when t.failures - made.nth >= 5 then t.locked_until end
        where t.number_hash = made.number_hash;
    end if;
    status := case when exists (select from core.login_attempt a where a.attempt = which and a.succeeded_at is not null)
                   then 'DONE' else 'REFUSED' end;
end
$$;

-- An act that is done, or refused for a reason.
create function core.answer(text, jsonb, out status text, out reason text, out result jsonb)
language sql immutable as $$
    select case when $1 is null then 'DONE' else 'REFUSED' end, $1, case when $1 is null then $2 end
$$;

create function oversikt_rules.order_new_credentials(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    by_debtor constant boolean := caller <> '{}';
    wanted record;
    way    text := 'LETTER';
begin
    select c.case_id, coalesce(d.email, d.phone) is not null as reachable into wanted
    from core.case c join core.debtor d using (debtor_id)
    where c.case_number = input ->> 'case_number'
      and (not by_debtor or c.debtor_id = core.debtor_of(caller)
                            and c.case_id::text = coalesce(caller ->> 'case_id', c.case_id::text));
    -- Who has not logged in learns nothing of the case, not even this.
    if by_debtor and wanted.reachable then
        way := 'CONTACT_POINT';
    end if;
    insert into core.credential_order as o (case_id, ordered_on, channel, by_debtor)
    select wanted.case_id, core.today(), way, by_debtor where wanted.case_id is not null
    on conflict (case_id, ordered_on) do update
    set channel = excluded.channel, by_debtor = true, delivered_at = null
    where excluded.by_debtor and not o.by_debtor;
    if found then -- the debtor's letter may be in the wrong hands; a stranger takes nothing away
        delete from core.case_credential p
        where p.case_id = wanted.case_id and (by_debtor or p.valid_until < core.today());
    end if;
    status := 'DONE';
    result := jsonb_build_object('channel', way);
end
$$;

-- A day that was written as the contract writes it; null for anything else.
create function core.day(text) returns date
language plpgsql immutable as $$
begin
    return case when $1 ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then $1::date end;
exception when data_exception then
    return null;
end
$$;

-- Changes what is given; an empty text takes a value away.
create function core.change_contact(debtor bigint, given jsonb) returns text
language plpgsql volatile as $$
declare
    new_email       constant text := given ->> 'email';
    new_phone       constant text := given ->> 'phone';
    new_postal_code constant text := given ->> 'postal_code';
    new_language    constant text := given ->> 'language';
begin
    if debtor is null then
        return 'NOT_FOUND';
    end if;
    if jsonb_strip_nulls(given) = '{}'
       or new_email <> '' and (new_email !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or length(new_email) > 254)
       or new_phone <> '' and new_phone !~ '^\+?[0-9 ]{5,20}$'
       or new_postal_code <> '' and new_postal_code !~ '^[0-9]{4}$'
       or new_language not in ('nb', 'nn', 'en')
       or greatest(length(given ->> 'street_address'), length(given ->> 'city')) > 120 then
        return 'INVALID_INPUT';
    end if;
    update core.debtor d
    set email = nullif(coalesce(new_email, d.email), ''),
        phone = nullif(coalesce(new_phone, d.phone), ''),
        street_address = nullif(coalesce(given ->> 'street_address', d.street_address), ''),
        postal_code = nullif(coalesce(new_postal_code, d.postal_code), ''),
        city = nullif(coalesce(given ->> 'city', d.city), ''),
        language = coalesce(new_language, d.language)
    where d.debtor_id = debtor;
    return case when not found then 'NOT_FOUND' end;
end
$$;

create function oversikt_rules.correct_contact(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language sql volatile as $$
    select (core.answer(core.change_contact(core.debtor_of(caller), input), null)).*
$$;

-- An instant as the contract writes it; null for what is none.
create function core.instant(text) returns timestamptz
language plpgsql stable as $$
begin
    return case when $1 ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' then $1::timestamptz end;
exception when data_exception then
    return null;
end
$$;

-- A whole hour at which somebody may be contacted; -1 for what is none.
create function core.hour(jsonb) returns integer
language sql immutable as $$
    select case
        when coalesce(jsonb_typeof($1), 'null') = 'null' then null
        when $1::text ~ '^[0-9]{1,2}$' and $1::text::integer between 8 and 21 then $1::text::integer
        else -1
    end
$$;

create function oversikt_rules.declare_difficulty(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    whose  constant bigint := core.debtor_of(caller);
    told   constant text[] := case when jsonb_typeof(input -> 'kinds') = 'array'
                                   then array(select jsonb_array_elements_text(input -> 'kinds')) end;
    spoken constant text := input ->> 'interpreter_language';
    said   constant text := nullif(btrim(input ->> 'statement'), '');
    way    constant text := input ->> 'contact_channel';
    opens  constant integer := core.hour(input -> 'contact_from');
    closes constant integer := core.hour(input -> 'contact_until');
    at     constant timestamptz := core.instant(input ->> 'declared_at');
    ends   constant date := core.day(input ->> 'until');
begin
    reason := case
        when whose is null then 'NOT_FOUND'
        when told is null or not told <@ '{ILLNESS,INSTITUTION,INTERPRETER,PAYMENT,OTHER}'
          or (spoken is not null) <> ('INTERPRETER' = any (told)) or spoken !~ '^[a-z]{2,3}$' or length(said) > 2000
          or way not in ('PHONE', 'SMS', 'EMAIL', 'LETTER', 'OTHER')
          or (opens is null) <> (closes is null) or opens < 8 or opens >= closes
          or told = '{}' and way is null and opens is null
          or at is null or (ends > core.today() and ends <= core.today() + 366) is not true then 'INVALID_INPUT'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into core.difficulty as d
        values (whose, told, spoken, said, way, opens, closes, at, ends)
        on conflict (debtor_id) do update
        set kinds = told, interpreter_language = spoken, statement = said, contact_channel = way, contact_from = opens,
            contact_until = closes, said_at = at, until = ends
        where d.said_at < at;
    end if;
end
$$;

create function oversikt_rules.withdraw_difficulty(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    whose constant bigint := core.debtor_of(caller);
    at    constant timestamptz := core.instant(input ->> 'withdrawn_at');
begin
    reason := case when whose is null then 'NOT_FOUND' when at is null then 'INVALID_INPUT' end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into core.difficulty as d (debtor_id, said_at) values (whose, at)
        on conflict (debtor_id) do update
        set kinds = '{}', interpreter_language = null, statement = null, contact_channel = null, contact_from = null,
            contact_until = null, said_at = at, until = null
        where d.said_at <= at;
    end if;
end
$$;

create function oversikt_rules.give_power_of_attorney(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    giver       constant bigint := core.debtor_of(caller);
    attorney_id constant text := input ->> 'attorney_national_id';
    org         constant text := input ->> 'attorney_org_number';
    name        constant text := btrim(input ->> 'attorney_name');
    starts      constant date := core.day(input ->> 'valid_from');
    ends        constant date := core.day(input ->> 'valid_until');
    -- Who came in with a letter's password gives it for that case and no other.
    cases       constant text[] := case when jsonb_typeof(input -> 'case_ids') = 'array'
                                        then array(select jsonb_array_elements_text(input -> 'case_ids')) end;
    new_id      bigint;
begin
    status := 'REFUSED';
    if giver is null then
        reason := 'NOT_FOUND';
    elsif num_nonnulls(attorney_id, org) <> 1 or attorney_id !~ '^[0-9]{11}$' or org !~ '^[0-9]{9}$'
       or attorney_id = (select d.national_id from core.debtor d where d.debtor_id = giver)
       or (length(name) between 1 and 120) is not true or (jsonb_typeof(input -> 'may_act') = 'boolean') is not true or starts is null
       or ends < starts or ends is null and input ->> 'valid_until' is not null or cardinality(cases) = 0 then
        reason := 'INVALID_INPUT';
    elsif caller ? 'case_id' and cases is distinct from array[caller ->> 'case_id']
       or exists (select unnest(cases) except select c.case_id::text from core.case c where c.debtor_id = giver) then
        reason := 'NOT_FOUND';
    else
        insert into core.power_of_attorney (debtor_id, attorney_national_id, attorney_org_number, attorney_name, may_act,
                                            all_cases, valid_from, valid_until)
        values (giver, attorney_id, org, name, (input ->> 'may_act')::boolean, cases is null, starts, ends)
        returning power_of_attorney_id into new_id;
        insert into core.power_of_attorney_case (power_of_attorney_id, case_id)
        select distinct new_id, c::bigint from unnest(cases) c;
        status := 'DONE';
        result := jsonb_build_object('power_of_attorney_id', new_id::text);
    end if;
end
$$;

create function oversikt_rules.revoke_power_of_attorney(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
begin
    update core.power_of_attorney p set revoked_at = coalesce(p.revoked_at, now())
    where p.debtor_id = core.debtor_of(caller) and p.power_of_attorney_id::text = input ->> 'power_of_attorney_id';
    status := case when found then 'DONE' else 'REFUSED' end;
    reason := case when not found then 'NOT_FOUND' end;
end
$$;
