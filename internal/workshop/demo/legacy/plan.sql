-- The rules of a nedbetalingsavtale: søknad, endring, oppsigelse. It is an avtale like that of a betalingsforslag.

-- Whether a saksbehandler can agree to what the retningslinje does not.
create function inkasso.kan_soekes_om(vilkaar jsonb) returns boolean
language plpgsql stable as $$
declare
    videre inkasso.retningslinje;
begin
    select * into videre from inkasso.retningslinje;
    if videre.lengste_avtale <= videre.maks_antall_avdrag then
        return false;
    end if;
    videre.maks_antall_avdrag := videre.lengste_avtale;
    videre.minste_avdrag := 0.01;
    return inkasso.vilkaar_foelger(vilkaar, videre);
end
$$;

create function inkasso.innvilg_avtale(key uuid) returns void
language plpgsql volatile as $$
begin
    perform inkasso.endre_kostnader(key, f.vilkaar) from inkasso.betalingsforslag f where f.forslag = key;
    perform inkasso.inngaa(key);
    update inkasso.avtale a set avgjort = inkasso.i_dag() where a.forslag = key;
    update inkasso.betalingsforslag f set status = 'B', endret = now() at time zone 'Europe/Oslo' where f.forslag = key;
end
$$;

create function oversikt_rules.apply_for_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    vilkaar  constant jsonb := jsonb_build_object('case_ids', input -> 'case_ids', 'agreements', jsonb_build_array(input),
                                                  'deferrals', '[]'::jsonb);
    key      constant uuid := gen_random_uuid();
    venter   boolean := false;
begin
    reason := inkasso.avslag(caller, vilkaar);
    if reason is null and (select min(a.forfall) > inkasso.i_dag() + 92 from inkasso.foreslaatte_avdrag(vilkaar) a) then
        reason := 'NOT_THE_POLICY';
    end if;
    if reason = 'NOT_THE_POLICY' and inkasso.kan_soekes_om(vilkaar) then
        venter := true;
        reason := null;
    end if;
    if reason is null and (select min(a.forfall) <= inkasso.i_dag() from inkasso.foreslaatte_avdrag(vilkaar) a) then
        reason := 'INVALID_TERMS';
    elsif reason is null and (select r.ny_etter_brudd = 'N' from inkasso.retningslinje r)
          and exists (select from inkasso.avtale_sak x join inkasso.avtale a using (avtale_id)
                      where vilkaar -> 'case_ids' ? x.saksnr and a.status = 'B') then
        reason := 'AFTER_BREACH';
    end if;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    perform inkasso.opprett(key, inkasso.skyldner_for(caller), vilkaar);
    update inkasso.avtale a set status = 'V', soekt = now() at time zone 'Europe/Oslo' where a.forslag = key;
    if not venter then
        perform inkasso.innvilg_avtale(key);
    end if;
    select jsonb_build_object('agreement_id', a.avtale_id::text, 'status', case a.status when 'A' then 'ACTIVE' when 'V' then 'REQUESTED' end)
    into result
    from inkasso.avtale a where a.forslag = key;
end
$$;

-- The avtale of a key, if the caller may act in all of its cases. They are locked.
create function inkasso.avtale_for(caller jsonb, key text) returns inkasso.avtale
language plpgsql volatile as $$
declare
    saker constant jsonb := (select jsonb_agg(x.saksnr) from inkasso.avtale_sak x where x.avtale_id::text = key);
    funnet inkasso.avtale;
begin
    if cardinality(inkasso.laas_saker(caller, saker)) = jsonb_array_length(saker) then
        select * into funnet from inkasso.avtale a where a.avtale_id::text = key;
    end if;
    return funnet;
end
$$;

-- Why avdrag cannot follow those of an avtale that are paid; null: they can. As many and as small as were innvilget
-- hold, whatever the retningslinje says.
create function inkasso.avslag_paa_avdrag(
    vilkaar jsonb, betalte integer, etter date, innvilget bigint default 0, minste numeric default null) returns text
language plpgsql stable as $$
declare
    r inkasso.retningslinje;
begin
    select * into r from inkasso.retningslinje;
    if (select count(*) = 0
            or not coalesce(bool_and(a.nr = betalte + a.plass and a.forfall > etter and a.gebyr >= 0 and a.belop > 0
                                     and a.forfall > coalesce(a.forrige, '-infinity')), false)
        from (select x.*, row_number() over w as plass, lag(x.forfall) over w as forrige
              from inkasso.foreslaatte_avdrag(vilkaar) x window w as (order by x.nr)) a) then
        return 'INVALID_TERMS';
    end if;
    return (select case when betalte + count(*) > greatest(r.maks_antall_avdrag, innvilget)
                          or count(*) filter (where a.belop < least(r.minste_avdrag, minste) and a.nr < betalte + a.antall) > 0
                          or count(*) filter (where a.gebyr <> r.avdragsgebyr
                                                and not (a.nr = betalte + 1 and a.gebyr = r.avdragsgebyr + r.avdragssalaer)) > 0
                        then 'NOT_THE_POLICY' end
            from inkasso.foreslaatte_avdrag(vilkaar) a);
end
$$;

-- Other avdrag in the place of those of an avtale that are not paid. The first sak that is open bears their gebyr.
create function inkasso.ny_rest(hvilken uuid, vilkaar jsonb) returns void
language plpgsql volatile as $$
declare
    saker constant text[] := array(select x.saksnr from inkasso.avtale_sak x where x.avtale_id = hvilken);
begin
    delete from inkasso.avdrag a where a.avtale_id = hvilken and a.betalt is null;
    insert into inkasso.avdrag (avtale_id, nr, forfall, belop, gebyr)
    select hvilken, a.nr, a.forfall, a.belop, a.gebyr from inkasso.foreslaatte_avdrag(vilkaar) a;
    update inkasso.avtale x
    set endret = inkasso.i_dag(),
        maanedsbelop = (select case when min(a.belop + a.gebyr) = max(a.belop + a.gebyr) then max(a.belop + a.gebyr) end
                        from inkasso.avdrag a
                        where a.avtale_id = hvilken
                          and a.nr < (select max(s.nr) from inkasso.avdrag s where s.avtale_id = hvilken))
    where x.avtale_id = hvilken;
    delete from inkasso.planlagt_kostnad k where k.saksnr = any (saker) and k.type in (21, 22);
    insert into inkasso.planlagt_kostnad (saksnr, dato, type, belop)
    select (select min(s.saksnr) from inkasso.sak s where s.saksnr = any (saker) and s.avsluttet is null),
           a.forfall, nytt.type, nytt.belop
    from inkasso.foreslaatte_avdrag(vilkaar) a
    cross join inkasso.retningslinje r
    cross join lateral (values (21, r.avdragsgebyr), (22, a.gebyr - r.avdragsgebyr)) nytt (type, belop)
    where nytt.belop > 0;
end
$$;

create function inkasso.bare_avdrag(saker text[], avdrag jsonb) returns jsonb
language sql immutable as $$
    select jsonb_build_object('agreements', jsonb_build_array(jsonb_build_object('case_ids', to_jsonb(saker), 'instalments', avdrag)))
$$;

-- The avtale that runs in a sak, with its saker that are open.
create function inkasso.avtale_i(sak text, out avtale_id uuid, out saker text[], out betalte integer)
language sql stable as $$
    select a.avtale_id,
           array(select x.saksnr from inkasso.avtale_sak x join inkasso.sak s using (saksnr)
                 where x.avtale_id = a.avtale_id and s.avsluttet is null order by x.saksnr),
           (select count(i.betalt)::integer from inkasso.avdrag i where i.avtale_id = a.avtale_id)
    from inkasso.avtale a join inkasso.avtale_sak x using (avtale_id)
    where x.saksnr = sak and a.status = 'A'
$$;

-- What becomes of the avtale in a sak in which an innsigelse was avgjort. Without an open sak it ends.
create function inkasso.avtale_etter(sak text, avdrag jsonb) returns void
language plpgsql volatile as $$
declare
    loeper record;
begin
    select * into loeper from inkasso.avtale_i(sak);
    delete from inkasso.forslag_kostnad e using inkasso.avtale a
    where a.avtale_id = loeper.avtale_id and e.forslag = a.forslag and e.saksnr <> all (loeper.saker);
    if loeper.saker = '{}' then
        perform inkasso.avslutt_avtale(loeper.avtale_id, 'S', inkasso.i_dag());
    elsif jsonb_typeof(avdrag) = 'array' then
        perform inkasso.ny_rest(loeper.avtale_id, inkasso.bare_avdrag(loeper.saker, avdrag));
    end if;
    perform inkasso.angre(a.forslag)
    from inkasso.avtale a join inkasso.avtale_sak x using (avtale_id)
    where x.saksnr = sak and a.status = 'V'
      and not exists (select from inkasso.avtale_sak o join inkasso.sak s using (saksnr)
                      where o.avtale_id = a.avtale_id and s.avsluttet is null);
end
$$;

create function oversikt_rules.change_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    avtale  inkasso.avtale := inkasso.avtale_for(caller, input ->> 'agreement_id');
    saker   constant text[] := array(select x.saksnr from inkasso.avtale_sak x where x.avtale_id = avtale.avtale_id order by x.saksnr);
    vilkaar constant jsonb := inkasso.bare_avdrag(saker, input -> 'instalments');
    baerer  constant text := (select min(s.saksnr) from inkasso.sak s where s.saksnr = any (saker) and s.avsluttet is null);
    betalte integer;
    neste   date;
    senere  integer;
begin
    select count(a.betalt), min(a.forfall) filter (where a.betalt is null) into betalte, neste
    from inkasso.avdrag a where a.avtale_id = avtale.avtale_id;
    reason := case
        when avtale.avtale_id is null then 'NOT_FOUND'
        when avtale.status <> 'A' or neste is null or baerer is null then 'NO_AGREEMENT'
        when inkasso.er_bestridt(saker) then 'DISPUTED'
        else (select inkasso.avslag_paa_avdrag(vilkaar, betalte, inkasso.i_dag(), count(*), min(a.belop) filter (where a.nr < a.siste))
              from (select x.*, max(x.nr) over () as siste from inkasso.avdrag x where x.avtale_id = avtale.avtale_id) a)
    end;
    if reason is null then
        senere := (select min(a.forfall) - neste from inkasso.foreslaatte_avdrag(vilkaar) a);
        reason := case when senere > 38 then 'NOT_THE_POLICY'
                       when senere > 0 and (avtale.utsettelser > 0) is not true then 'NO_SKIPS_LEFT' end;
    end if;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    perform inkasso.ny_rest(avtale.avtale_id, vilkaar);
    update inkasso.avtale x set utsettelser = x.utsettelser - case when senere > 0 then 1 else 0 end
    where x.avtale_id = avtale.avtale_id;
end
$$;

create function oversikt_rules.cancel_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    avtale inkasso.avtale := inkasso.avtale_for(caller, input ->> 'agreement_id');
begin
    reason := case when avtale.avtale_id is null then 'NOT_FOUND' when avtale.status not in ('A', 'V') then 'NO_AGREEMENT' end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    if avtale.status = 'V' then
        perform inkasso.angre(avtale.forslag);
    elsif avtale.status = 'A' then
        perform inkasso.avslutt_avtale(avtale.avtale_id, 'S', inkasso.i_dag());
    end if;
end
$$;

-- The avtale of a key that was applied for, for a saksbehandler. Its cases are locked.
create function inkasso.soeknad_til_behandling(caller jsonb, nr text) returns inkasso.avtale
language plpgsql volatile as $$
declare
    funnet inkasso.avtale;
begin
    perform from inkasso.sak s
    where s.saksnr in (select x.saksnr from inkasso.avtale_sak x where x.avtale_id::text = nr) and caller -> 'staff' = 'true'
    order by s.saksnr
    for update;
    if found then
        select a.* into funnet from inkasso.avtale a where a.avtale_id::text = nr and a.soekt is not null;
    end if;
    return funnet;
end
$$;

-- Other avdrag in the place of those of an avtale that is not in force.
create function inkasso.tegn_om(gjelder inkasso.avtale, vilkaar jsonb) returns void
language plpgsql volatile as $$
begin
    update inkasso.betalingsforslag f set vilkaar = tegn_om.vilkaar where f.forslag = gjelder.forslag;
    delete from inkasso.avdrag x where x.avtale_id = gjelder.avtale_id;
    insert into inkasso.avdrag (avtale_id, nr, forfall, belop, gebyr)
    select gjelder.avtale_id, a.nr, a.forfall, a.belop, a.gebyr from inkasso.foreslaatte_avdrag(tegn_om.vilkaar) a;
    update inkasso.avtale x
    set startet = n.startet, maanedsbelop = n.jevnt
    from (select min(a.forfall) as startet,
                 case when max(a.belop + a.gebyr) = min(a.belop + a.gebyr) filter (where a.nr < a.antall or a.antall = 1)
                      then max(a.belop + a.gebyr) end as jevnt
          from inkasso.foreslaatte_avdrag(tegn_om.vilkaar) a) n
    where x.avtale_id = gjelder.avtale_id;
end
$$;

create function oversikt_rules.decide_instalment_plan(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    innvilges constant boolean := case input ->> 'decision' when 'GRANT' then true when 'REFUSE' then false end;
    ord       constant text := nullif(btrim(input ->> 'reply'), '');
    gjelder   inkasso.avtale := inkasso.soeknad_til_behandling(caller, input ->> 'agreement_id');
    saker     constant text[] := array(select x.saksnr from inkasso.avtale_sak x where x.avtale_id = gjelder.avtale_id);
    vilkaar   jsonb := (select f.vilkaar from inkasso.betalingsforslag f where f.forslag = gjelder.forslag);
begin
    if input ->> 'instalments' is not null then
        vilkaar := jsonb_set(vilkaar, '{agreements,0,instalments}', input -> 'instalments');
    end if;
    reason := case
        when innvilges is null or length(ord) > 2000 or not innvilges and ord is null then 'INVALID_INPUT'
        when gjelder.avtale_id is null then 'NOT_FOUND'
        when gjelder.status <> 'V' then 'ALREADY_DECIDED'
        when not innvilges then null
        when exists (select from inkasso.sak s where s.saksnr = any (saker) and s.avsluttet is not null) then 'CASE_CLOSED'
        when inkasso.er_bestridt(saker) then 'DISPUTED'
        when inkasso.har_avtale(saker, gjelder.forslag) then 'AGREEMENT_EXISTS'
        when not inkasso.vilkaar_er_hele(vilkaar)
          or (select min(a.forfall) <= inkasso.i_dag() from inkasso.foreslaatte_avdrag(vilkaar) a) then 'INVALID_TERMS'
        when not inkasso.vilkaar_foelger_retningslinjen(vilkaar) and not inkasso.kan_soekes_om(vilkaar) then 'NOT_THE_POLICY'
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    if innvilges then
        perform inkasso.tegn_om(gjelder, vilkaar);
        perform inkasso.innvilg_avtale(gjelder.forslag);
        update inkasso.avtale a set svar = ord where a.avtale_id = gjelder.avtale_id;
    else
        update inkasso.avtale a set status = 'N', avgjort = inkasso.i_dag(), svar = ord, forslag = null
        where a.avtale_id = gjelder.avtale_id;
        delete from inkasso.betalingsforslag f where f.forslag = gjelder.forslag;
    end if;
end
$$;
