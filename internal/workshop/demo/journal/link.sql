-- Cases that people claim who are not known to be their debtors.

-- Whether an attempt to log in, which had the right password, was with this number and a password of the case.
create function journal.proves(tried text, asked text) returns boolean
language plpgsql volatile as $$
begin
    if tried ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        return exists (select from journal.login_attempt f
                       where f.attempt = tried::uuid and f.credential is not null and f.number = sha256(convert_to(asked, 'UTF8')))
           and (select s.status = 'DONE' from oversikt.case_login_succeeded(tried::uuid) s);
    end if;
    return false;
end
$$;

-- Makes what the debtor of a case has a person's, or returns why not. One at a time does that.
create function journal.link(asked text, person text) returns text
language plpgsql volatile as $$
declare
    owes  journal.debtor;
    known journal.debtor;
begin
    perform pg_advisory_xact_lock(hashtextextended('oversikt link', 0));
    select d.* into owes
    from journal.case s join journal.debtor d on (d.office, d.serial) = (s.debtor_office, s.debtor_serial)
    where s.number = asked and s.deleted_at is null and d.deleted_at is null
    for update;
    if owes.serial is null then
        return 'NO_SUCH_CASE';
    elsif owes.national_id = person then
        return null;
    elsif owes.national_id is not null or owes.kind <> 'P' then
        return 'OTHERS_CASE';
    end if;
    select d.* into known from journal.debtor d where d.national_id = person and d.deleted_at is null;
    if known.serial is null then
        update journal.debtor d set national_id = person where (d.office, d.serial) = (owes.office, owes.serial);
        return null;
    end if;
    update journal.case x set debtor_office = known.office, debtor_serial = known.serial
    where (x.debtor_office, x.debtor_serial) = (owes.office, owes.serial);
    update journal.proposal x set debtor_id = known.office::text || '-' || known.serial::text
    where x.debtor_id = owes.office::text || '-' || owes.serial::text;
    update journal.agreement x set debtor_office = known.office, debtor_serial = known.serial
    where (x.debtor_office, x.debtor_serial) = (owes.office, owes.serial);
    update journal.message x set debtor_office = known.office, debtor_serial = known.serial
    where (x.debtor_office, x.debtor_serial) = (owes.office, owes.serial);
    update journal.power x set debtor_office = known.office, debtor_serial = known.serial
    where (x.debtor_office, x.debtor_serial) = (owes.office, owes.serial);
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
    made   journal.claimed;
begin
    reason := case
        when person is null then 'NOT_FOUND'
        when (length(btrim(asked)) between 1 and 64) is not true or length(said) > 2000 or length(named) > 200 then 'INVALID_INPUT'
    end;
    status := 'REFUSED';
    if reason is not null then
        return;
    end if;
    status := 'DONE';
    proven := journal.proves(input ->> 'attempt', asked) is true;
    insert into journal.claimed as x (office, serial, national_id, name, number, words, by_password, claimed_at)
    values (0, nextval('journal.serials'), person, named, asked, said, proven, now())
    on conflict (national_id, number) where outcome = '0' do update
    set name = named, words = coalesce(said, x.words), by_password = x.by_password or proven
    returning x.* into made;
    if exists (select from journal.keyed s
               join journal.debtor d on (d.office, d.serial) = (s.debtor_office, s.debtor_serial)
               where s.number = asked
                 and (d.national_id = person
                      or proven and d.national_id is null and d.kind = 'P'
                         and lower(regexp_replace(btrim(d.name), '\s+', ' ', 'g')) = lower(regexp_replace(named, '\s+', ' ', 'g'))))
       and journal.link(asked, person) is null then
        update journal.claimed x set outcome = '1', answered_on = journal.day_of(journal.today())
        where (x.office, x.serial) = (made.office, made.serial);
    end if;
    result := jsonb_build_object('case_link_id', made.office::text || '-' || made.serial::text);
end
$$;

create function oversikt_rules.decide_case_link(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    becomes constant text := case input ->> 'decision' when 'GRANT' then '1' when 'REFUSE' then '2' end;
    told    constant text := nullif(btrim(input ->> 'reply'), '');
    held    journal.claimed;
begin
    select x.* into held from journal.claimed x
    where x.office::text || '-' || x.serial::text = input ->> 'case_link_id' and caller -> 'staff' = 'true'
    for update;
    reason := case
        when becomes is null or becomes = '2' and told is null or length(told) > 2000 then 'INVALID_INPUT'
        when held.serial is null then 'NOT_FOUND'
        when held.outcome <> '0' then 'ALREADY_DECIDED'
        when becomes = '1' then journal.link(held.number, held.national_id)
    end;
    status := 'REFUSED';
    if reason is null then
        status := 'DONE';
        update journal.claimed x set outcome = becomes, answered_on = journal.day_of(journal.today()), reply = told
        where (x.office, x.serial) = (held.office, held.serial);
    end if;
end
$$;
