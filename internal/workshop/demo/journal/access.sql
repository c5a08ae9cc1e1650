-- Who comes in and for whom: logins, contact points and powers of attorney.

-- A day as the contract writes it; null for what is none.
create function journal.date_in(words text) returns date
language plpgsql immutable as $$
begin
    if words !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
        return null;
    end if;
    return words::date;
exception when data_exception then
    return null;
end
$$;

create function journal.lock_time(failures integer) returns interval
language plpgsql immutable as $$
begin
    if failures < 5 then
        return null;
    end if;
    return least(make_interval(secs => 30 * 2 ^ least(failures - 5, 12)), interval '24 hours');
end
$$;

create function oversikt.case_login(
    case_number text, password_mark integer,
    out case_id text, out national_id text, out password_hash text, out attempt uuid, out wait_seconds integer)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    mark   bytea := sha256(convert_to($1, 'UTF8'));
    moment timestamptz;
    held   journal.login;
    used   bigint;
begin
    delete from journal.login
    where number in (select g.number from journal.login g where g.last_at < now() - interval '30 days'
                     order by g.last_at limit 20 for update skip locked);

    insert into journal.login (number) values (mark) on conflict do nothing;
    select * into held from journal.login i where i.number = mark for update;
    moment := clock_timestamp();
    if held.locked_until > moment then
        wait_seconds := ceil(extract(epoch from held.locked_until - moment));
        return;
    end if;
    wait_seconds := 0;
    attempt := gen_random_uuid();
    update journal.login i
    set failures = held.failures + 1, locked_until = moment + journal.lock_time(held.failures + 1), last_at = moment
    where i.number = mark;

    select s.id, d.national_id into case_id, national_id
    from journal.keyed s
    join journal.debtor d on (d.office, d.serial) = (s.debtor_office, s.debtor_serial)
    where s.number = $1
      and exists (select from journal.credential p
                  where (p.case_office, p.case_serial) = (s.office, s.serial) and p.valid_until >= journal.today());
    select p.nr, p.hash into used, password_hash
    from journal.credential p
    join journal.keyed s on (s.office, s.serial) = (p.case_office, p.case_serial)
    where s.number = $1 and p.mark = $2 and p.valid_until >= journal.today();
    if not found then -- as dear to check as a real one, and right for no password
        password_hash := '$argon2id$v=19$m=19456,t=2,p=1$g5zpljHGKCTlefqkEIOiWg$Y+KL/dXLlJwBbVsxkbptYcIo8Ou4mjj+fGDH3q3LQfQ';
    end if;
    insert into journal.login_attempt (attempt, number, place, credential, made_at) values (attempt, mark, held.failures + 1, used, moment);
end
$$;

create function oversikt.case_login_succeeded(attempt uuid, out status text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    held journal.login_attempt;
    used journal.credential;
begin
    select * into held from journal.login_attempt f where f.attempt = $1 for update;
    select * into used from journal.credential p where p.nr = held.credential;
    if held.succeeded is null
       and ((held.made_at > now() - interval '10 minutes') is not true or held.credential is not null and used.nr is null) then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    if held.succeeded is null then
        update journal.login_attempt f set succeeded = now() where f.attempt = $1;
        update journal.login i
        set failures = greatest(i.failures - held.place, 0),
            locked_until = case when i.failures - held.place >= 5 then i.locked_until end
        where i.number = held.number;
        delete from journal.credential p
        where (p.case_office, p.case_serial) = (used.case_office, used.case_serial) and p.nr < used.nr;
    end if;
end
$$;

create function oversikt_rules.order_new_credentials(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    stranger constant boolean := caller = '{}';
    found_case record;
    letter boolean;
begin
    select s.office, s.serial, coalesce(d.email, d.phone) is null as letter into found_case
    from journal.keyed s
    join journal.debtor d on (d.office, d.serial) = (s.debtor_office, s.debtor_serial)
    where s.number = input ->> 'case_number'
      and (stranger or s.debtor_id = journal.debtor_for(caller) and s.id = coalesce(caller ->> 'case_id', s.id));
    letter := stranger or coalesce(found_case.letter, true); -- nobody learns of a case by asking
    insert into journal.credential_order as b (case_office, case_serial, ordered_on, by_letter, by_stranger)
    select found_case.office, found_case.serial, journal.today(), letter, stranger
    where found_case.serial is not null
    on conflict (case_office, case_serial, ordered_on) do update
    set by_letter = excluded.by_letter, by_stranger = false, sent_at = null
    where not excluded.by_stranger and b.by_stranger;
    if found then -- only the debtor's own order ends what was sent before
        delete from journal.credential p
        where (p.case_office, p.case_serial) = (found_case.office, found_case.serial) and (not stranger or p.valid_until < journal.today());
    end if;
    status := 'DONE';
    result := jsonb_build_object('channel', case when letter then 'LETTER' when not letter then 'CONTACT_POINT' end);
end
$$;

create function oversikt_rules.correct_contact(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    email    constant text := input ->> 'email';
    phone    constant text := input ->> 'phone';
    street   constant text := input ->> 'street_address';
    code     constant text := input ->> 'postal_code';
    town     constant text := input ->> 'city';
    language constant text := input ->> 'language';
    written  constant text := (select k.code from journal.code k where k.list = 'language' and k.means = input ->> 'language');
begin
    status := 'REFUSED';
    if journal.debtor_for(caller) is null then
        reason := 'NOT_FOUND';
        return;
    end if;
    if coalesce(email, phone, street, code, town, language) is null
       or (email = '' or email ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' and length(email) <= 80) is false
       or (phone = '' or phone ~ '^\+?[0-9 ]{5,20}$') is false
       or (code = '' or code ~ '^[0-9]{4}$') is false
       or (language is null) <> (written is null)
       or length(street) > 80 or length(town) > 40 then
        reason := 'INVALID_INPUT';
        return;
    end if;
    update journal.debtor d
    set email = nullif(coalesce(correct_contact.input ->> 'email', d.email), ''),
        phone = nullif(coalesce(input ->> 'phone', d.phone), ''),
        street = nullif(coalesce(input ->> 'street_address', d.street), ''),
        postal_code = nullif(coalesce(input ->> 'postal_code', d.postal_code), ''),
        city = nullif(coalesce(input ->> 'city', d.city), ''),
        language = coalesce(written, d.language)
    where d.office::text || '-' || d.serial::text = journal.debtor_for(caller);
    if found then
        status := 'DONE';
    end if;
    reason := case when status = 'REFUSED' then 'NOT_FOUND' end;
end
$$;

-- An instant as the contract writes it; null for what is none.
create function journal.instant_in(words text) returns timestamptz
language plpgsql stable as $$
begin
    if words !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' then
        return null;
    end if;
    return words::timestamptz;
exception when data_exception then
    return null;
end
$$;

create function journal.hour_in(value jsonb) returns numeric
language sql immutable as $$
    select case
        when coalesce(jsonb_typeof(value), 'null') = 'null' then null
        when value::text ~ '^[0-9]{1,2}$' and value::text::integer between 8 and 21 then value::text::numeric
        else -1
    end
$$;

create function oversikt_rules.declare_difficulty(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    whose    constant text := journal.debtor_for(caller);
    codes    text[];
    spoken   constant text := input ->> 'interpreter_language';
    said     constant text := nullif(btrim(input ->> 'statement'), '');
    way      constant text := (select k.code from journal.code k where k.list = 'reach' and k.means = input ->> 'contact_channel');
    from_at  constant numeric := journal.hour_in(input -> 'contact_from');
    to_at    constant numeric := journal.hour_in(input -> 'contact_until');
    at       constant timestamptz := journal.instant_in(input ->> 'declared_at');
    ends     constant date := journal.date_in(input ->> 'until');
begin
    if jsonb_typeof(input -> 'kinds') = 'array' then
        codes := array(select (select k.code from journal.code k where k.list = 'trouble' and k.means = g)
                       from jsonb_array_elements_text(input -> 'kinds') g);
    end if;
    reason := case
        when whose is null then 'NOT_FOUND'
        when codes is null or array_position(codes, null) is not null or (spoken is not null) <> ('3' = any (codes))
          or spoken !~ '^[a-z]{2,3}$' or length(said) > 2000 or (way is null) <> (input ->> 'contact_channel' is null)
          or (from_at is null) <> (to_at is null) or from_at < 8 or from_at >= to_at
          or codes = '{}' and way is null and from_at is null or at is null
          or (ends > journal.today() and ends <= journal.today() + 366) is not true then 'INVALID_INPUT'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into journal.trouble as x
        select d.office, d.serial, array_to_string(codes, ','), spoken, said, way, from_at, to_at, at, journal.day_of(ends)
        from journal.debtor d
        where d.office::text || '-' || d.serial::text = whose
        on conflict (debtor_office, debtor_serial) do update
        set kinds = array_to_string(codes, ','), interpreter = spoken, words = said, reach = way, opens = from_at, closes = to_at,
            said_at = at, until = journal.day_of(ends)
        where x.said_at < at;
    end if;
end
$$;

create function oversikt_rules.withdraw_difficulty(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    whose constant text := journal.debtor_for(caller);
    at    constant timestamptz := journal.instant_in(input ->> 'withdrawn_at');
begin
    reason := case when whose is null then 'NOT_FOUND' when at is null then 'INVALID_INPUT' end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into journal.trouble as x (debtor_office, debtor_serial, said_at)
        select d.office, d.serial, at from journal.debtor d where d.office::text || '-' || d.serial::text = whose
        on conflict (debtor_office, debtor_serial) do update
        set kinds = '', interpreter = null, words = null, reach = null, opens = null, closes = null, said_at = at, until = 0
        where x.said_at <= at;
    end if;
end
$$;

create function oversikt_rules.give_power_of_attorney(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    giver   journal.debtor;
    id      constant text := input ->> 'attorney_national_id';
    org     constant text := input ->> 'attorney_org_number';
    called  constant text := btrim(input ->> 'attorney_name');
    since   constant date := journal.date_in(input ->> 'valid_from');
    until   constant date := journal.date_in(input ->> 'valid_until');
    acts    constant boolean := case input -> 'may_act' when 'true' then true when 'false' then false end;
    cases   text[];
    new     bigint := nextval('journal.serials');
begin
    status := 'REFUSED';
    if jsonb_typeof(input -> 'case_ids') = 'array' then
        cases := array(select jsonb_array_elements_text(input -> 'case_ids'));
    end if;
    select * into giver from journal.debtor d where d.office::text || '-' || d.serial::text = journal.debtor_for(caller);
    if giver.serial is null then
        reason := 'NOT_FOUND';
    elsif (id is null) = (org is null) or id !~ '^[0-9]{11}$' or org !~ '^[0-9]{9}$' or id = giver.national_id
       or (length(called) between 1 and 80) is not true or acts is null or since is null or until < since
       or (until is null) <> (input ->> 'valid_until' is null) or cases = '{}' then
        reason := 'INVALID_INPUT';
    elsif caller ? 'case_id' and (cases = array[caller ->> 'case_id']) is not true -- a letter is about one case
       or not cases <@ array(select s.id from journal.keyed s where (s.debtor_office, s.debtor_serial) = (giver.office, giver.serial)) then
        reason := 'NOT_FOUND';
    else
        insert into journal.power (office, serial, debtor_office, debtor_serial, national_id, org_number, name, may_act, all_cases,
                                   valid_from, valid_until)
        values (giver.office, new, giver.office, giver.serial, id, org, called, acts, cases is null,
                journal.day_of(since), journal.day_of(until));
        insert into journal.power_case (office, serial, case_office, case_serial)
        select giver.office, new, s.office, s.serial from journal.keyed s where s.id = any (cases);
        status := 'DONE';
        result := jsonb_build_object('power_of_attorney_id', giver.office::text || '-' || new::text);
    end if;
end
$$;

create function oversikt_rules.revoke_power_of_attorney(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
begin
    update journal.power f set revoked_at = coalesce(f.revoked_at, now())
    where f.debtor_office::text || '-' || f.debtor_serial::text = journal.debtor_for(caller)
      and f.office::text || '-' || f.serial::text = input ->> 'power_of_attorney_id';
    status := 'DONE';
    if not found then
        status := 'REFUSED';
        reason := 'NOT_FOUND';
    end if;
end
$$;
