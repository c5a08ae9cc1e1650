-- The contract's acts on who comes in and for whom: innlogging, kontaktopplysninger,
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

create function inkasso.svar(grunn text) returns jsonb
language sql immutable as $$
    select case when grunn is null then '{"status": "DONE"}' else jsonb_build_object('status', 'REFUSED', 'reason', grunn) end
$$;

-- The answer that a key has been given before, null when it is new. What it is new for is
-- then done in the same transaction, and its answer noted.
create function inkasso.tidligere_svar(key uuid, variadic innhold text[]) returns jsonb
language plpgsql volatile as $$
declare
    avtrykk bytea := sha256(convert_to(array_to_json(innhold)::text, 'UTF8'));
    utfort  inkasso.utfort;
begin
    insert into inkasso.utfort (nokkel, innhold) values (key, avtrykk) on conflict do nothing;
    if found then
        return null;
    end if;
    select * into utfort from inkasso.utfort u where u.nokkel = key;
    return case when utfort.innhold = avtrykk then utfort.svar else inkasso.svar('KEY_REUSED') end;
end
$$;

create function inkasso.noter_svar(key uuid, svar jsonb) returns jsonb
language plpgsql volatile as $$
begin
    update inkasso.utfort u set svar = noter_svar.svar where u.nokkel = key;
    return svar;
end
$$;

create function oversikt.order_new_credentials(
    idempotency_key uuid, case_number text, national_id text, out status text, out channel text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    svar jsonb := inkasso.tidligere_svar($1, 'bestill', $2, $3);
    sak  record;
    brev boolean;
begin
    if svar is null then
        select s.saksnr, coalesce(d.epost, d.telefon) is null as brev into sak
        from inkasso.sak s join inkasso.skyldner d using (skyldner_id)
        where s.saksnr = $2 and ($3 is null or d.fnr::text = $3);
        brev := $3 is null or coalesce(sak.brev, true); -- nobody learns of a case by asking
        insert into inkasso.passordbestilling as b (saksnr, dato, maate, av)
        select sak.saksnr, inkasso.i_dag(), case when brev then 'B' else 'K' end, case when $3 is null then 'U' else 'S' end
        where sak.saksnr is not null
        on conflict (saksnr, dato) do update
        set maate = excluded.maate, av = 'S', levert = null
        where excluded.av = 'S' and b.av = 'U';
        if found then -- only the debtor's own order ends what was sent before
            delete from inkasso.passord p
            where p.saksnr = sak.saksnr and ($3 is not null or p.gyldig_til < inkasso.i_dag());
        end if;
        svar := inkasso.noter_svar($1, inkasso.svar(null)
            || jsonb_build_object('channel', case when brev then 'LETTER' else 'CONTACT_POINT' end));
    end if;
    status := svar ->> 'status';
    channel := svar ->> 'channel';
end
$$;

-- The columns here are shorter than in the contract, and a postal code is a number.
create function inkasso.rett_kontakt(
    person text, epost text, telefon text, adresse text, postnr text, poststed text, maalform text)
returns text
language plpgsql volatile as $$
begin
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
    where d.fnr::text = person;
    return case when not found then 'NOT_FOUND' end;
end
$$;

create function oversikt.correct_contact(
    idempotency_key uuid, national_id text, email text, phone text, street_address text, postal_code text,
    city text, language text, out status text, out reason text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    svar jsonb := inkasso.tidligere_svar($1, 'kontakt', $2, $3, $4, $5, $6, $7, $8);
begin
    if svar is null then
        svar := inkasso.noter_svar($1, inkasso.svar(inkasso.rett_kontakt($2, $3, $4, $5, $6, $7, $8)));
    end if;
    status := svar ->> 'status';
    reason := svar ->> 'reason';
end
$$;

create function inkasso.gi_fullmakt(
    person text, fnr text, orgnr text, navn text, handle boolean, saker text[], fra date, til date)
returns jsonb
language plpgsql volatile as $$
declare
    giver inkasso.skyldner;
    ny    uuid := gen_random_uuid();
begin
    if (fnr is null) = (orgnr is null) or fnr !~ '^[0-9]{11}$' or orgnr !~ '^[0-9]{9}$' or fnr = person
       or (length(btrim(navn)) between 1 and 80) is not true
       or handle is null or fra is null or til < fra or saker = '{}' then
        return inkasso.svar('INVALID_INPUT');
    end if;
    select * into giver from inkasso.skyldner d where d.fnr::text = person;
    if not found
       or saker is not null and not saker <@ array(select s.saksnr from inkasso.sak s where s.skyldner_id = giver.skyldner_id) then
        return inkasso.svar('NOT_FOUND');
    end if;
    insert into inkasso.fullmakt (fullmakt_id, skyldner_id, fullmektig_fnr, fullmektig_orgnr, fullmektig_navn, rett,
                                  omfang, gjelder_fra, gjelder_til)
    values (ny, giver.skyldner_id, gi_fullmakt.fnr, gi_fullmakt.orgnr, btrim(navn), case when handle then 'H' else 'I' end,
            case when saker is null then 'A' else 'U' end, fra, til);
    insert into inkasso.fullmakt_sak (fullmakt_id, saksnr)
    select distinct ny, x from unnest(saker) x;
    return inkasso.svar(null) || jsonb_build_object('fullmakt', ny);
end
$$;

create function oversikt.give_power_of_attorney(
    idempotency_key uuid, national_id text, attorney_national_id text, attorney_org_number text, attorney_name text,
    may_act boolean, case_ids text[], valid_from date, valid_until date,
    out power_of_attorney_id text, out status text, out reason text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    svar jsonb := inkasso.tidligere_svar($1, 'fullmakt', $2, $3, $4, $5, $6::text, array_to_json($7)::text,
                                         to_char($8, 'YYYYMMDD'), to_char($9, 'YYYYMMDD'));
begin
    if svar is null then
        svar := inkasso.noter_svar($1, inkasso.gi_fullmakt($2, $3, $4, $5, $6, $7, $8, $9));
    end if;
    power_of_attorney_id := svar ->> 'fullmakt';
    status := svar ->> 'status';
    reason := svar ->> 'reason';
end
$$;

create function oversikt.revoke_power_of_attorney(
    idempotency_key uuid, national_id text, power_of_attorney_id text, out status text, out reason text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    svar jsonb := inkasso.tidligere_svar($1, 'tilbakekall', $2, $3);
begin
    if svar is null then
        update inkasso.fullmakt f set tilbakekalt = coalesce(f.tilbakekalt, now() at time zone 'Europe/Oslo')
        from inkasso.skyldner d
        where d.skyldner_id = f.skyldner_id and d.fnr::text = $2 and f.fullmakt_id::text = $3;
        svar := inkasso.noter_svar($1, inkasso.svar(case when not found then 'NOT_FOUND' end));
    end if;
    status := svar ->> 'status';
    reason := svar ->> 'reason';
end
$$;
