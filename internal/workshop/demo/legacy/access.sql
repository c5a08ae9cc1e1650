-- Who comes in and for whom: innlogging, and the rules of kontaktopplysninger and
-- fullmakter.

create function inkasso.sperretid(feil integer) returns interval
language plpgsql immutable as $$
begin
    if feil < 5 then
        return null;
    end if;
    return least(make_interval(secs => 30 * 2 ^ least(feil - 5, 12)), interval '24 hours');
end
$$;

create function oversikt.case_login(
    case_number text, password_mark integer,
    out case_id text, out national_id text, out password_hash text, out attempt uuid, out wait_seconds integer)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    avtrykk bytea := sha256(convert_to($1, 'UTF8'));
    naa     timestamptz;
    rad     inkasso.innlogging;
    nr      bigint;
begin
    delete from inkasso.innlogging
    where nummer in (select g.nummer from inkasso.innlogging g where g.siste < now() - interval '30 days'
                     order by g.siste limit 20 for update skip locked);

    insert into inkasso.innlogging (nummer) values (avtrykk) on conflict do nothing;
    select * into rad from inkasso.innlogging i where i.nummer = avtrykk for update;
    naa := clock_timestamp();
    if rad.sperret_til > naa then
        wait_seconds := ceil(extract(epoch from rad.sperret_til - naa));
        return;
    end if;
    wait_seconds := 0;
    attempt := gen_random_uuid();
    update inkasso.innlogging i
    set feil = rad.feil + 1, sperret_til = naa + inkasso.sperretid(rad.feil + 1), siste = naa
    where i.nummer = avtrykk;

    select s.saksnr, d.fnr::text into case_id, national_id
    from inkasso.sak s
    join inkasso.skyldner d using (skyldner_id)
    where s.saksnr = $1
      and exists (select from inkasso.passord p where p.saksnr = s.saksnr and p.gyldig_til >= inkasso.i_dag());
    select p.lopenr, p.avtrykk into nr, password_hash
    from inkasso.passord p
    where p.saksnr = $1 and p.merke = $2 and p.gyldig_til >= inkasso.i_dag();
    if not found then -- as dear to check as a real one, and right for no password
        password_hash := '$argon2id$v=19$m=19456,t=2,p=1$g5zpljHGKCTlefqkEIOiWg$Y+KL/dXLlJwBbVsxkbptYcIo8Ou4mjj+fGDH3q3LQfQ';
    end if;
    insert into inkasso.innloggingsforsok (forsok, nummer, feilnr, passord, tid) values (attempt, avtrykk, rad.feil + 1, nr, naa);
end
$$;

create function oversikt.case_login_succeeded(attempt uuid, out status text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    forsok inkasso.innloggingsforsok;
    brukt  inkasso.passord;
begin
    select * into forsok from inkasso.innloggingsforsok f where f.forsok = $1 for update;
    select * into brukt from inkasso.passord p where p.lopenr = forsok.passord;
    if forsok.lyktes is null
       and ((forsok.tid > now() - interval '10 minutes') is not true or forsok.passord is not null and brukt.lopenr is null) then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    if forsok.lyktes is null then
        update inkasso.innloggingsforsok f set lyktes = now() where f.forsok = $1;
        update inkasso.innlogging i
        set feil = greatest(i.feil - forsok.feilnr, 0),
            sperret_til = case when i.feil - forsok.feilnr >= 5 then i.sperret_til end
        where i.nummer = forsok.nummer;
        delete from inkasso.passord p where p.saksnr = brukt.saksnr and p.lopenr < brukt.lopenr;
    end if;
end
$$;

create function oversikt_rules.order_new_credentials(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    ukjent constant boolean := caller = '{}';
    sak  record;
    brev boolean;
begin
    select s.saksnr, coalesce(d.epost, d.telefon) is null as brev into sak
    from inkasso.sak s join inkasso.skyldner d using (skyldner_id)
    where s.saksnr = input ->> 'case_number'
      and (ukjent or s.skyldner_id = inkasso.skyldner_for(caller) and s.saksnr = coalesce(caller ->> 'case_id', s.saksnr));
    brev := ukjent or coalesce(sak.brev, true); -- nobody learns of a case by asking
    insert into inkasso.passordbestilling as b (saksnr, dato, maate, av)
    select sak.saksnr, inkasso.i_dag(), case when brev then 'B' else 'K' end, case when ukjent then 'U' else 'S' end
    where sak.saksnr is not null
    on conflict (saksnr, dato) do update
    set maate = excluded.maate, av = 'S', levert = null
    where excluded.av = 'S' and b.av = 'U';
    if found then -- only the debtor's own order ends what was sent before
        delete from inkasso.passord p
        where p.saksnr = sak.saksnr and (not ukjent or p.gyldig_til < inkasso.i_dag());
    end if;
    status := 'DONE';
    result := jsonb_build_object('channel', case when brev then 'LETTER' else 'CONTACT_POINT' end);
end
$$;

-- A day as the contract writes it; null for what is none.
create function inkasso.dag(tekst text) returns date
language plpgsql immutable as $$
begin
    if tekst !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
        return null;
    end if;
    return tekst::date;
exception when data_exception then
    return null;
end
$$;

-- The columns here are shorter than in the contract, and a postal code is a number.
create function inkasso.rett_kontakt(
    skyldner uuid, epost text, telefon text, adresse text, postnr text, poststed text, maalform text)
returns text
language plpgsql volatile as $$
begin
    if skyldner is null then
        return 'NOT_FOUND';
    end if;
    if coalesce(epost, telefon, adresse, postnr, poststed, maalform) is null
       or (epost = '' or epost ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' and length(epost) <= 80) is false
       or (telefon = '' or telefon ~ '^\+?[0-9 ]{5,20}$') is false
       or (postnr = '' or postnr ~ '^[0-9]{4}$') is false
       or (maalform in ('nb', 'nn', 'en')) is false
       or length(adresse) > 80 or length(poststed) > 40 then
        return 'INVALID_INPUT';
    end if;
    update inkasso.skyldner d
    set epost = nullif(coalesce(rett_kontakt.epost, d.epost), ''),
        telefon = nullif(coalesce(rett_kontakt.telefon, d.telefon), ''),
        adresse = nullif(coalesce(rett_kontakt.adresse, d.adresse), ''),
        postnr = case when rett_kontakt.postnr is null then d.postnr else nullif(rett_kontakt.postnr, '')::smallint end,
        poststed = nullif(coalesce(rett_kontakt.poststed, d.poststed), ''),
        maalform = coalesce(case rett_kontakt.maalform when 'nb' then 'B' when 'nn' then 'N' when 'en' then 'E' end, d.maalform)
    where d.skyldner_id = skyldner;
    return case when not found then 'NOT_FOUND' end;
end
$$;

create function oversikt_rules.correct_contact(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
begin
    reason := inkasso.rett_kontakt(inkasso.skyldner_for(caller), input ->> 'email', input ->> 'phone',
        input ->> 'street_address', input ->> 'postal_code', input ->> 'city', input ->> 'language');
    status := case when reason is null then 'DONE' else 'REFUSED' end;
end
$$;

-- Et tidspunkt slik kontrakten skriver det, i norsk tid; null for det som ikke er noe.
create function inkasso.tidspunkt(tekst text) returns timestamp
language plpgsql stable as $$
begin
    if tekst !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' then
        return null;
    end if;
    return tekst::timestamptz at time zone 'Europe/Oslo';
exception when data_exception then
    return null;
end
$$;

create function inkasso.klokketime(verdi jsonb) returns smallint
language sql immutable as $$
    select case
        when coalesce(jsonb_typeof(verdi), 'null') = 'null' then null
        when verdi::text in ('8', '9', '10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21')
            then verdi::text::smallint
        else -1
    end
$$;

create function oversikt_rules.declare_difficulty(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    hvem   constant uuid := inkasso.skyldner_for(caller);
    merke  text;
    spraak constant text := input ->> 'interpreter_language';
    ord    constant text := nullif(btrim(input ->> 'statement'), '');
    vei    constant text := case input ->> 'contact_channel' when 'PHONE' then 'T' when 'SMS' then 'M' when 'EMAIL' then 'E'
                                                             when 'LETTER' then 'B' when 'OTHER' then 'A' end;
    fra    constant smallint := inkasso.klokketime(input -> 'contact_from');
    til    constant smallint := inkasso.klokketime(input -> 'contact_until');
    naar   constant timestamp := inkasso.tidspunkt(input ->> 'declared_at');
    slutt  constant date := inkasso.dag(input ->> 'until');
    i_dag  constant date := (now() at time zone 'Europe/Oslo')::date;
begin
    status := 'REFUSED';
    if jsonb_typeof(input -> 'kinds') = 'array' then
        merke := (select coalesce(string_agg(distinct case k when 'ILLNESS' then 'S' when 'INSTITUTION' then 'I'
                                      when 'INTERPRETER' then 'T' when 'PAYMENT' then 'B' when 'OTHER' then 'A' else '?' end, ''), '')
                  from jsonb_array_elements_text(input -> 'kinds') k);
    end if;
    if hvem is null then
        reason := 'NOT_FOUND';
    elsif merke is null or merke like '%?%' or (merke like '%T%') <> (spraak is not null) or spraak !~ '^[a-z]{2,3}$'
       or length(ord) > 2000 or (vei is null) <> (input ->> 'contact_channel' is null) or (fra is null) <> (til is null)
       or fra < 8 or fra >= til or merke = '' and vei is null and fra is null or naar is null
       or (slutt > i_dag and slutt <= i_dag + 366) is not true then
        reason := 'INVALID_INPUT';
    else
        insert into inkasso.vanske as v values (hvem, merke, spraak, ord, vei, fra, til, naar, slutt)
        on conflict (skyldner_id) do update
        set koder = merke, tolk = spraak, tekst = ord, kanal = vei, kl_fra = fra, kl_til = til, meldt = naar, gjelder_til = slutt
        where v.meldt < naar;
        status := 'DONE';
    end if;
end
$$;

create function oversikt_rules.withdraw_difficulty(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    hvem constant uuid := inkasso.skyldner_for(caller);
    naar constant timestamp := inkasso.tidspunkt(input ->> 'withdrawn_at');
begin
    status := 'REFUSED';
    if hvem is null then
        reason := 'NOT_FOUND';
    elsif naar is null then
        reason := 'INVALID_INPUT';
    else
        insert into inkasso.vanske as v (skyldner_id, meldt) values (hvem, naar)
        on conflict (skyldner_id) do update
        set koder = '', tolk = null, tekst = null, kanal = null, kl_fra = null, kl_til = null, meldt = naar, gjelder_til = null
        where v.meldt <= naar;
        status := 'DONE';
    end if;
end
$$;

create function oversikt_rules.give_power_of_attorney(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    giver  inkasso.skyldner;
    fnr    constant text := input ->> 'attorney_national_id';
    orgnr  constant text := input ->> 'attorney_org_number';
    navn   constant text := btrim(input ->> 'attorney_name');
    fra    constant date := inkasso.dag(input ->> 'valid_from');
    til    constant date := inkasso.dag(input ->> 'valid_until');
    handle constant text := case input -> 'may_act' when 'true' then 'H' when 'false' then 'I' end;
    saker  text[];
    ny     uuid := gen_random_uuid();
begin
    status := 'REFUSED';
    if jsonb_typeof(input -> 'case_ids') = 'array' then
        saker := array(select jsonb_array_elements_text(input -> 'case_ids'));
    end if;
    select * into giver from inkasso.skyldner d where d.skyldner_id = inkasso.skyldner_for(caller);
    if giver.skyldner_id is null then
        reason := 'NOT_FOUND';
    elsif (fnr is null) = (orgnr is null) or fnr !~ '^[0-9]{11}$' or orgnr !~ '^[0-9]{9}$' or fnr = giver.fnr::text
       or (length(navn) between 1 and 80) is not true or handle is null or fra is null or til < fra
       or (til is null) <> (input ->> 'valid_until' is null) or saker = '{}' then
        reason := 'INVALID_INPUT';
    elsif caller ? 'case_id' and (saker = array[caller ->> 'case_id']) is not true -- a letter is about one case
       or not saker <@ array(select s.saksnr from inkasso.sak s where s.skyldner_id = giver.skyldner_id) then
        reason := 'NOT_FOUND';
    else
        insert into inkasso.fullmakt (fullmakt_id, skyldner_id, fullmektig_fnr, fullmektig_orgnr, fullmektig_navn, rett,
                                      omfang, gjelder_fra, gjelder_til)
        values (ny, giver.skyldner_id, fnr, orgnr, navn, handle, case when saker is null then 'A' else 'U' end, fra, til);
        insert into inkasso.fullmakt_sak (fullmakt_id, saksnr)
        select distinct ny, x from unnest(saker) x;
        status := 'DONE';
        result := jsonb_build_object('power_of_attorney_id', ny);
    end if;
end
$$;

create function oversikt_rules.revoke_power_of_attorney(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
begin
    update inkasso.fullmakt f set tilbakekalt = coalesce(f.tilbakekalt, now() at time zone 'Europe/Oslo')
    where f.skyldner_id = inkasso.skyldner_for(caller) and f.fullmakt_id::text = input ->> 'power_of_attorney_id';
    if found then
        status := 'DONE';
    else
        status := 'REFUSED';
        reason := 'NOT_FOUND';
    end if;
end
$$;
