-- Cases that people claim who are not known to be their debtors.

create function core.same_name(text, text) returns boolean
language sql immutable as $$
    select lower(regexp_replace(btrim($1), '\s+', ' ', 'g')) = lower(regexp_replace(btrim($2), '\s+', ' ', 'g'))
$$;

-- Whether an attempt to log in, which had the right password, was with this number and a password of the case.
create function core.proves(tried text, asked text) returns boolean
language plpgsql volatile as $$
begin
    if tried ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        return exists (select from core.login_attempt a
                       where a.attempt = tried::uuid and a.credential_id is not null
                         and a.number_hash = sha256(convert_to(asked, 'UTF8')))
           and (select s.status = 'DONE' from oversikt.case_login_succeeded(tried::uuid) s);
    end if;
    return false;
end
$$;

-- Makes what the debtor of a case has a person's, or returns why not. One at a time does that.
create function core.link_case(asked text, person text) returns text
language plpgsql volatile as $$
declare
    owes  core.debtor;
    known bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('oversikt link_case', 0));
    select d.* into owes
    from core.case c join core.debtor d using (debtor_id)
    where c.case_number = asked
    for update;
    if owes.debtor_id is null then
        return 'NO_SUCH_CASE';
    elsif owes.national_id = person then
        return null;
    elsif owes.national_id is not null or owes.kind <> 'PERSON' then
        return 'OTHERS_CASE';
    end if;
    select d.debtor_id into known from core.debtor d where d.national_id = person;
    if known is null then
        update core.debtor d set national_id = person where d.debtor_id = owes.debtor_id;
        return null;
    end if;
    update core.case x set debtor_id = known where x.debtor_id = owes.debtor_id;
    update core.solution x set debtor_id = known where x.debtor_id = owes.debtor_id;
    update core.agreement x set debtor_id = known where x.debtor_id = owes.debtor_id;
    update core.message x set debtor_id = known where x.debtor_id = owes.debtor_id;
    update core.power_of_attorney x set debtor_id = known where x.debtor_id = owes.debtor_id;
    return null;
end
$$;

create function oversikt_rules.claim_case(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    person constant text := case when not caller ? 'case_id' then caller ->> 'national_id' end;
    asked  constant text := input ->> 'case_number';
    named  constant text := nullif(btrim(input ->> 'name'), '');
    said   constant text := nullif(btrim(input ->> 'statement'), '');
    proven boolean;
    made   bigint;
begin
    reason := case
        when person is null then 'NOT_FOUND'
        when (length(btrim(asked)) between 1 and 64) is not true or length(said) > 2000 or length(named) > 200 then 'INVALID_INPUT'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    proven := core.proves(input ->> 'attempt', asked) is true;
    insert into core.case_link as l (national_id, name, case_number, statement, password_right)
    values (person, named, asked, said, proven)
    on conflict (national_id, case_number) where state = 'REQUESTED' do update
    set name = named, statement = coalesce(said, l.statement), password_right = l.password_right or proven
    returning l.case_link_id into made;
    if exists (select from core.case c join core.debtor d using (debtor_id)
               where c.case_number = asked
                 and (d.national_id = person
                      or proven and d.national_id is null and d.kind = 'PERSON' and core.same_name(d.name, named)))
       and core.link_case(asked, person) is null then
        update core.case_link l set state = 'GRANTED', decided_on = core.today() where l.case_link_id = made;
    end if;
    result := jsonb_build_object('case_link_id', made::text);
end
$$;

create function oversikt_rules.decide_case_link(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    becomes constant text := case input ->> 'decision' when 'GRANT' then 'GRANTED' when 'REFUSE' then 'REFUSED' end;
    said    constant text := nullif(btrim(input ->> 'reply'), '');
    held    core.case_link;
begin
    select l.* into held from core.case_link l
    where l.case_link_id::text = input ->> 'case_link_id' and caller -> 'staff' = 'true'
    for update;
    reason := case
        when becomes is null or becomes = 'REFUSED' and said is null or length(said) > 2000 then 'INVALID_INPUT'
        when held.case_link_id is null then 'NOT_FOUND'
        when held.state <> 'REQUESTED' then 'ALREADY_DECIDED'
        when becomes = 'GRANTED' then core.link_case(held.case_number, held.national_id)
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        update core.case_link l set state = becomes, decided_on = core.today(), reply = said
        where l.case_link_id = held.case_link_id;
    end if;
end
$$;
