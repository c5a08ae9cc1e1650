-- Cases that people claim who are not known as their skyldner.

-- Whether an attempt to log in, which had the right password, was with this number and a password of the case.
create function inkasso.beviser(forsok text, nummer text) returns boolean
language plpgsql volatile as $$
begin
    if forsok ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        return exists (select from inkasso.innloggingsforsok f
                       where f.forsok = $1::uuid and f.passord is not null and f.nummer = sha256(convert_to($2, 'UTF8')))
           and (select s.status = 'DONE' from oversikt.case_login_succeeded($1::uuid) s);
    end if;
    return false;
end
$$;

-- Makes what the skyldner of a sak has a person's, or returns why not. One at a time does that.
create function inkasso.koble(nummer text, person text) returns text
language plpgsql volatile as $$
declare
    eier  inkasso.skyldner;
    kjent uuid;
begin
    perform pg_advisory_xact_lock(hashtextextended('oversikt koble', 0));
    select d.* into eier
    from inkasso.sak s join inkasso.skyldner d using (skyldner_id)
    where s.saksnr = nummer
    for update;
    if eier.skyldner_id is null then
        return 'NO_SUCH_CASE';
    elsif eier.fnr::text = person then
        return null;
    elsif eier.fnr is not null or eier.type <> 'P' then
        return 'OTHERS_CASE';
    end if;
    select d.skyldner_id into kjent from inkasso.skyldner d where d.fnr::text = person;
    if kjent is null then
        update inkasso.skyldner d set fnr = person where d.skyldner_id = eier.skyldner_id;
        return null;
    end if;
    update inkasso.sak x set skyldner_id = kjent where x.skyldner_id = eier.skyldner_id;
    update inkasso.betalingsforslag x set skyldner_id = kjent where x.skyldner_id = eier.skyldner_id;
    update inkasso.avtale x set skyldner_id = kjent where x.skyldner_id = eier.skyldner_id;
    update inkasso.melding x set skyldner_id = kjent where x.skyldner_id = eier.skyldner_id;
    update inkasso.fullmakt x set skyldner_id = kjent where x.skyldner_id = eier.skyldner_id;
    return null;
end
$$;

create function oversikt_rules.claim_case(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    person constant text := case when not caller ? 'case_id' then caller ->> 'national_id' end;
    nummer constant text := input ->> 'case_number';
    kalt   constant text := nullif(btrim(input ->> 'name'), '');
    ord    constant text := nullif(btrim(input ->> 'statement'), '');
    bevist boolean;
    ny     uuid;
begin
    reason := case
        when person is null then 'NOT_FOUND'
        when (length(btrim(nummer)) between 1 and 64) is not true or length(nummer) > 64 or length(ord) > 2000
          or length(kalt) > 200 then 'INVALID_INPUT'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    bevist := inkasso.beviser(input ->> 'attempt', nummer) is true;
    insert into inkasso.kobling as k (fnr, navn, saksnr, tekst, passord)
    values (person, kalt, nummer, ord, case when bevist then 'J' else 'N' end)
    on conflict (fnr, saksnr) where utfall is null do update
    set navn = kalt, tekst = coalesce(ord, k.tekst), passord = case when bevist then 'J' else k.passord end
    returning k.kobling_id into ny;
    if exists (select from oversikt.case s join oversikt.debtor d using (debtor_id)
               where s.case_number = nummer
                 and (d.national_id = person
                      or bevist and d.national_id is null and d.kind = 'PERSON'
                         and lower(regexp_replace(btrim(d.name), '\s+', ' ', 'g')) = lower(regexp_replace(kalt, '\s+', ' ', 'g'))))
       and inkasso.koble(nummer, person) is null then
        update inkasso.kobling k set utfall = 'K', behandlet = inkasso.i_dag() where k.kobling_id = ny;
    end if;
    result := jsonb_build_object('case_link_id', ny);
end
$$;

create function oversikt_rules.decide_case_link(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    kode    constant char := case input ->> 'decision' when 'GRANT' then 'K' when 'REFUSE' then 'A' end;
    ord     constant text := nullif(btrim(input ->> 'reply'), '');
    gjelder inkasso.kobling;
begin
    select k.* into gjelder from inkasso.kobling k
    where k.kobling_id::text = input ->> 'case_link_id' and caller -> 'staff' = 'true'
    for update;
    reason := case
        when kode is null or kode = 'A' and ord is null or length(ord) > 2000 then 'INVALID_INPUT'
        when gjelder.kobling_id is null then 'NOT_FOUND'
        when gjelder.utfall is not null then 'ALREADY_DECIDED'
        when kode = 'K' then inkasso.koble(gjelder.saksnr, gjelder.fnr::text)
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        update inkasso.kobling k set utfall = kode, behandlet = inkasso.i_dag(), svar = ord
        where k.kobling_id = gjelder.kobling_id;
    end if;
end
$$;
