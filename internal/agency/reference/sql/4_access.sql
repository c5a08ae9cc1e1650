-- The acts on who comes in and for whom: login with a letter's password, contact details,
-- powers of attorney. Each is described in docs/contract.md.

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

create function core.answer(reason text) returns jsonb
language sql immutable as $$
    select jsonb_build_object('status', case when reason is null then 'DONE' else 'REFUSED' end, 'reason', reason)
$$;

-- Claims a key for an act. Null says that it is new; else it is the answer: the first one
-- again if the input is the same.
create function core.begin_act(key uuid, act text, variadic input text[]) returns jsonb
language plpgsql volatile as $$
declare
    mark bytea := sha256(convert_to(to_jsonb(act || input)::text, 'UTF8'));
    held core.act;
begin
    insert into core.act (idempotency_key, input_hash) values (key, mark) on conflict do nothing;
    if found then
        return null;
    end if;
    select * into held from core.act a where a.idempotency_key = key;
    return case when held.input_hash = mark then held.answer else core.answer('KEY_REUSED') end;
end
$$;

create function core.end_act(key uuid, answer jsonb) returns jsonb
language sql volatile as $$
    update core.act set answer = end_act.answer where idempotency_key = key returning answer
$$;

create function core.order_credentials(number text, person text) returns jsonb
language plpgsql volatile as $$
declare
    wanted record;
    way    text := 'LETTER';
begin
    select c.case_id, coalesce(d.email, d.phone) is not null as reachable into wanted
    from core.case c join core.debtor d using (debtor_id)
    where c.case_number = number and (person is null or d.national_id = person);
    -- Who has not logged in learns nothing of the case, not even this.
    if person is not null and wanted.reachable then
        way := 'CONTACT_POINT';
    end if;
    insert into core.credential_order as o (case_id, ordered_on, channel, by_debtor)
    select wanted.case_id, core.today(), way, person is not null where wanted.case_id is not null
    on conflict (case_id, ordered_on) do update
    set channel = excluded.channel, by_debtor = true, delivered_at = null
    where excluded.by_debtor and not o.by_debtor;
    if found then -- the debtor's letter may be in the wrong hands; a stranger takes nothing away
        delete from core.case_credential p
        where p.case_id = wanted.case_id and (person is not null or p.valid_until < core.today());
    end if;
    return core.answer(null) || jsonb_build_object('channel', way);
end
$$;

create function oversikt.order_new_credentials(
    idempotency_key uuid, case_number text, national_id text, out status text, out channel text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    answer jsonb := core.begin_act($1, 'order_new_credentials', $2, $3);
begin
    answer := coalesce(answer, core.end_act($1, core.order_credentials($2, $3)));
    status := answer ->> 'status';
    channel := answer ->> 'channel';
end
$$;

-- Changes what is given; an empty text takes a value away.
create function core.change_contact(
    person text, email text, phone text, street_address text, postal_code text, city text, language text)
returns text
language plpgsql volatile as $$
begin
    if num_nonnulls(email, phone, street_address, postal_code, city, language) = 0
       or email <> '' and (email !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or length(email) > 254)
       or phone <> '' and phone !~ '^\+?[0-9 ]{5,20}$'
       or postal_code <> '' and postal_code !~ '^[0-9]{4}$'
       or language not in ('nb', 'nn', 'en')
       or greatest(length(street_address), length(city)) > 120 then
        return 'INVALID_INPUT';
    end if;
    update core.debtor d
    set email = nullif(coalesce(change_contact.email, d.email), ''),
        phone = nullif(coalesce(change_contact.phone, d.phone), ''),
        street_address = nullif(coalesce(change_contact.street_address, d.street_address), ''),
        postal_code = nullif(coalesce(change_contact.postal_code, d.postal_code), ''),
        city = nullif(coalesce(change_contact.city, d.city), ''),
        language = coalesce(change_contact.language, d.language)
    where d.national_id = person;
    return case when not found then 'NOT_FOUND' end;
end
$$;

create function oversikt.correct_contact(
    idempotency_key uuid, national_id text, email text, phone text, street_address text, postal_code text,
    city text, language text, out status text, out reason text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    answer jsonb := core.begin_act($1, 'correct_contact', $2, $3, $4, $5, $6, $7, $8);
begin
    answer := coalesce(answer, core.end_act($1, core.answer(core.change_contact($2, $3, $4, $5, $6, $7, $8))));
    status := answer ->> 'status';
    reason := answer ->> 'reason';
end
$$;

create function core.give_power(
    person text, attorney_id text, attorney_org text, attorney_name text, may_act boolean, cases text[],
    valid_from date, valid_until date)
returns jsonb
language plpgsql volatile as $$
declare
    giver  bigint;
    new_id bigint;
begin
    if num_nonnulls(attorney_id, attorney_org) <> 1 or attorney_id !~ '^[0-9]{11}$' or attorney_org !~ '^[0-9]{9}$'
       or attorney_id = person or coalesce(btrim(attorney_name), '') = '' or length(attorney_name) > 120
       or may_act is null or valid_from is null or valid_until < valid_from or cardinality(cases) = 0 then
        return core.answer('INVALID_INPUT');
    end if;
    select d.debtor_id into giver from core.debtor d where d.national_id = person;
    if giver is null
       or exists (select unnest(cases) except select c.case_id::text from core.case c where c.debtor_id = giver) then
        return core.answer('NOT_FOUND');
    end if;
    insert into core.power_of_attorney (debtor_id, attorney_national_id, attorney_org_number, attorney_name, may_act,
                                        all_cases, valid_from, valid_until)
    values (giver, attorney_id, attorney_org, btrim(attorney_name), may_act, cases is null, valid_from, valid_until)
    returning power_of_attorney_id into new_id;
    insert into core.power_of_attorney_case (power_of_attorney_id, case_id)
    select distinct new_id, c::bigint from unnest(cases) c;
    return core.answer(null) || jsonb_build_object('power_of_attorney_id', new_id::text);
end
$$;

create function oversikt.give_power_of_attorney(
    idempotency_key uuid, national_id text, attorney_national_id text, attorney_org_number text, attorney_name text,
    may_act boolean, case_ids text[], valid_from date, valid_until date,
    out power_of_attorney_id text, out status text, out reason text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    answer jsonb := core.begin_act($1, 'give_power_of_attorney', $2, $3, $4, $5, $6::text, to_jsonb($7)::text,
                                   to_jsonb($8) #>> '{}', to_jsonb($9) #>> '{}');
begin
    answer := coalesce(answer, core.end_act($1, core.give_power($2, $3, $4, $5, $6, $7, $8, $9)));
    power_of_attorney_id := answer ->> 'power_of_attorney_id';
    status := answer ->> 'status';
    reason := answer ->> 'reason';
end
$$;

create function core.revoke_power(person text, power text) returns text
language plpgsql volatile as $$
begin
    update core.power_of_attorney p set revoked_at = coalesce(p.revoked_at, now())
    where p.debtor_id = (select d.debtor_id from core.debtor d where d.national_id = person)
      and p.power_of_attorney_id::text = power;
    return case when not found then 'NOT_FOUND' end;
end
$$;

create function oversikt.revoke_power_of_attorney(
    idempotency_key uuid, national_id text, power_of_attorney_id text, out status text, out reason text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    answer jsonb := core.begin_act($1, 'revoke_power_of_attorney', $2, $3);
begin
    answer := coalesce(answer, core.end_act($1, core.answer(core.revoke_power($2, $3))));
    status := answer ->> 'status';
    reason := answer ->> 'reason';
end
$$;
