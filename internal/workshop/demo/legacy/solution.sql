-- The rules of a combined payment solution (betalingsforslag). The contract
-- speaks of øre, of fees that are in the instalments and of text keys; here are kroner, fees
-- beside the instalments, uuids and case numbers.

create function inkasso.foreslaatte_saker(vilkaar jsonb) returns table (avtalenr bigint, plass bigint, saksnr text)
language sql immutable as $$
    select a.nr, s.nr, s.saksnr
    from jsonb_array_elements(vilkaar -> 'agreements') with ordinality a (innhold, nr)
    cross join jsonb_array_elements_text(a.innhold -> 'case_ids') with ordinality s (saksnr, nr)
$$;

create function inkasso.foreslaatte_avdrag(vilkaar jsonb)
returns table (avtalenr bigint, nr integer, antall bigint, startet date, forfall date, belop numeric, gebyr numeric)
language sql immutable as $$
    select a.nr, x.number, count(*) over avtale, min(x.due_on) over avtale, x.due_on,
           (x.amount_ore - x.fee_ore) / 100.0, x.fee_ore / 100.0
    from jsonb_array_elements(vilkaar -> 'agreements') with ordinality a (innhold, nr)
    cross join jsonb_to_recordset(a.innhold -> 'instalments')
        x (number integer, due_on date, amount_ore bigint, fee_ore bigint)
    window avtale as (partition by a.nr)
$$;

create function inkasso.foreslaatte_utsettelser(vilkaar jsonb)
returns table (saksnr text, til date, dager integer, gebyr numeric)
language sql immutable as $$
    select case_id, until, days, fee_ore / 100.0
    from jsonb_to_recordset(vilkaar -> 'deferrals') x (case_id text, until date, days integer, fee_ore bigint)
$$;

-- Whether the terms can be read in one way only.
create function inkasso.vilkaar_er_hele(vilkaar jsonb) returns boolean
language plpgsql immutable as $$
declare
    saker jsonb := vilkaar -> 'case_ids';
begin
    return coalesce(
        jsonb_array_length(saker) > 0
        and not exists (select from jsonb_array_elements_text(saker) s (saksnr) group by saksnr having count(*) > 1)
        and not exists (select from inkasso.foreslaatte_saker(vilkaar)
                        group by saksnr having count(*) > 1 or not saker ? saksnr)
        and not exists (select from inkasso.foreslaatte_utsettelser(vilkaar)
                        group by saksnr
                        having count(*) > 1 or (saker ? saksnr) is not true
                            or count(*) <> count(til + dager) or count(gebyr) = 0)
        and not exists (select from jsonb_array_elements(vilkaar -> 'agreements') a
                        where coalesce(jsonb_array_length(a -> 'case_ids'), 0) = 0
                           or coalesce(jsonb_array_length(a -> 'instalments'), 0) = 0)
        and not exists (select from inkasso.foreslaatte_avdrag(vilkaar) a
                        where (a.belop > 0 and a.gebyr >= 0 and a.forfall is not null and a.nr between 1 and a.antall) is not true)
        and not exists (select
                        from inkasso.foreslaatte_avdrag(vilkaar) a
                        join inkasso.foreslaatte_avdrag(vilkaar) b on b.avtalenr = a.avtalenr and b.nr = a.nr - 1
                        where b.forfall >= a.forfall)
        and not exists (select from inkasso.foreslaatte_avdrag(vilkaar)
                        group by avtalenr, nr having count(*) > 1), false);
end
$$;

create function inkasso.vilkaar_foelger(vilkaar jsonb, r inkasso.retningslinje) returns boolean
language sql stable as $$
    select not exists (
        select
        from inkasso.foreslaatte_avdrag(vilkaar) a
        where a.antall > r.maks_antall_avdrag
           or a.nr < a.antall and a.belop < r.minste_avdrag
           or a.gebyr <> r.avdragsgebyr + case when a.nr = 1 and a.antall > r.salaerfrie_avdrag then r.avdragssalaer else 0 end)
    and not exists (
        select
        from inkasso.foreslaatte_saker(vilkaar) x
        join inkasso.sak s using (saksnr)
        join inkasso.foreslaatte_avdrag(vilkaar) a on a.avtalenr = x.avtalenr and a.nr = 1
        where x.plass > 1 and r.fellesavtale <> 'J'
           or (s.avtale_fra <= a.forfall) is not true)
    and not exists (
        select
        from inkasso.foreslaatte_saker(vilkaar) x join inkasso.sak s using (saksnr)
        group by x.avtalenr
        having count(distinct coalesce(s.avtalegruppe, '')) > 1)
    and not exists (
        select
        from inkasso.foreslaatte_utsettelser(vilkaar) u
        where u.dager not between 1 and r.maks_utsettelse
           or u.til > inkasso.i_dag() + r.maks_utsettelse
           or u.gebyr <> r.utsettelsesgebyr)
$$;

create function inkasso.vilkaar_foelger_retningslinjen(vilkaar jsonb) returns boolean
language sql stable as $$
    select inkasso.vilkaar_foelger(vilkaar, r) from inkasso.retningslinje r
$$;

-- The debtor for whom somebody asks.
create function inkasso.skyldner_for(caller jsonb) returns uuid
language sql stable as $$
    select d.skyldner_id from inkasso.skyldner d where d.fnr::text = caller ->> 'national_id'
    union all
    select s.skyldner_id from inkasso.sak s where s.saksnr = caller ->> 'case_id'
$$;

-- Ends an avtale: from that day collection goes on in the saker that are open, with the costs that it stopped,
-- as many days later as it has stood.
create function inkasso.avslutt_avtale(hvilken uuid, hvordan char, dag date) returns void
language plpgsql volatile as $$
declare
    saker constant text[] := array(select x.saksnr from inkasso.avtale_sak x where x.avtale_id = hvilken);
    endt  inkasso.avtale;
begin
    update inkasso.avtale a set status = hvordan, avsluttet = dag where a.avtale_id = hvilken returning * into endt;
    delete from inkasso.planlagt_kostnad k where k.saksnr = any (saker) and k.type in (21, 22) and k.dato >= dag;
    insert into inkasso.planlagt_kostnad (saksnr, dato, type, belop)
    select e.saksnr, e.fra + (dag - endt.inngaatt), e.type, e.belop
    from inkasso.forslag_kostnad e join inkasso.sak s using (saksnr)
    where e.forslag = endt.forslag and e.saksnr = any (saker) and s.avsluttet is null and e.til is null and e.type not in (21, 22)
    on conflict do nothing;
    delete from inkasso.forslag_kostnad e where e.forslag = endt.forslag and e.saksnr = any (saker);
end
$$;

-- Notes which avtaler of some cases are broken.
create function inkasso.bryt_avtaler(saker text[]) returns void
language plpgsql volatile as $$
declare
    brutt record;
begin
    for brutt in
        select distinct f.* from inkasso.forsinket_avtale f join inkasso.avtale_sak x using (avtale_id)
        where x.saksnr = any (saker) and f.brudd <= inkasso.i_dag()
    loop
        update inkasso.avtale a set varslet = brutt.varslet, brudd = brutt.brudd where a.avtale_id = brutt.avtale_id;
        perform inkasso.avslutt_avtale(brutt.avtale_id, 'B', brutt.brudd);
    end loop;
end
$$;

-- Locks those of the cases that the caller may act in and returns their numbers. Rows that
-- refer to one of them, such as payments and objections, cannot be added meanwhile.
create function inkasso.laas_saker(caller jsonb, saker jsonb) returns text[]
language plpgsql volatile as $$
declare
    laast constant text[] := array(
        select s.saksnr
        from inkasso.sak s
        where s.skyldner_id = inkasso.skyldner_for(caller)
          and s.saksnr = coalesce(caller ->> 'case_id', s.saksnr)
          and saker ? s.saksnr
        order by s.saksnr
        for update);
begin
    perform inkasso.bryt_avtaler(laast);
    return laast;
end
$$;

create function inkasso.er_bestridt(saker text[]) returns boolean
language sql stable as $$
    select exists (select from inkasso.innsigelse where saksnr = any (saker) and status in ('M', 'B'))
        or exists (select from inkasso.sperre
                   where saksnr = any (saker) and aarsak = 1 and coalesce(til, 'infinity') >= inkasso.i_dag())
$$;

-- Whether an agreement runs, or a proposal waits to be confirmed, besides one.
create function inkasso.har_avtale(saker text[], utenom uuid default null) returns boolean
language sql stable as $$
    select exists (select from inkasso.avtale_sak join inkasso.avtale using (avtale_id)
                   where saksnr = any (saker) and status = 'A')
        or exists (select from inkasso.betalingsforslag f
                   where f.status = 'F' and f.vilkaar -> 'case_ids' ?| saker and f.forslag is distinct from utenom
                     and f.skyldner_id in (select s.skyldner_id from inkasso.sak s where s.saksnr = any (saker)))
$$;

-- Why a proposal is refused (avslag), null if it is not. The cases stay locked.
create function inkasso.avslag(caller jsonb, vilkaar jsonb) returns text
language plpgsql volatile as $$
declare
    saker text[];
begin
    if not inkasso.vilkaar_er_hele(vilkaar) then
        return 'INVALID_TERMS';
    end if;
    saker := inkasso.laas_saker(caller, vilkaar -> 'case_ids');
    if cardinality(saker) <> jsonb_array_length(vilkaar -> 'case_ids') then
        return 'NOT_FOUND';
    end if;
    if exists (select from inkasso.sak where saksnr = any (saker) and avsluttet is not null) then
        return 'CASE_CLOSED';
    end if;
    if inkasso.er_bestridt(saker) then
        return 'DISPUTED';
    end if;
    if inkasso.har_avtale(saker)
       or exists (select from inkasso.henvendelse
                  where saksnr = any (saker) and forslag is not null and status = 1 and til >= inkasso.i_dag()) then
        return 'AGREEMENT_EXISTS';
    end if;
    if not inkasso.vilkaar_foelger_retningslinjen(vilkaar) then
        return 'NOT_THE_POLICY';
    end if;
    return null;
end
$$;

-- Writes agreements as forslag and deferrals as mottatt.
create function inkasso.opprett(key uuid, skyldner uuid, vilkaar jsonb) returns void
language plpgsql volatile as $$
declare
    avtale record;
    ny     uuid;
begin
    insert into inkasso.betalingsforslag (forslag, skyldner_id, vilkaar) values (key, skyldner, vilkaar);
    for avtale in
        select a.avtalenr, a.startet, max(a.belop + a.gebyr) filter (where a.nr = 1) as foerste,
               max(a.belop + a.gebyr) = min(a.belop + a.gebyr) filter (where a.nr < a.antall or a.antall = 1) as jevnt
        from inkasso.foreslaatte_avdrag(vilkaar) a
        group by a.avtalenr, a.startet
    loop
        ny := gen_random_uuid();
        insert into inkasso.avtale (avtale_id, skyldner_id, status, maanedsbelop, startet, forslag)
        values (ny, skyldner, 'F', case when avtale.jevnt then avtale.foerste end, avtale.startet, key);

        insert into inkasso.avtale_sak (avtale_id, saksnr)
        select ny, x.saksnr from inkasso.foreslaatte_saker(vilkaar) x where x.avtalenr = avtale.avtalenr;

        insert into inkasso.avdrag (avtale_id, nr, forfall, belop, gebyr)
        select ny, a.nr, a.forfall, a.belop, a.gebyr
        from inkasso.foreslaatte_avdrag(vilkaar) a where a.avtalenr = avtale.avtalenr;
    end loop;

    insert into inkasso.henvendelse (saksnr, type, mottatt, til, forslag)
    select u.saksnr, 1, now() at time zone 'Europe/Oslo', u.til, key from inkasso.foreslaatte_utsettelser(vilkaar) u;
end
$$;

-- Moves and takes away planned costs, those of an earlier agreement too, adds those of the
-- new ones, and notes each change.
create function inkasso.endre_kostnader(key uuid, vilkaar jsonb) returns void
language plpgsql volatile as $$
begin
    insert into inkasso.forslag_kostnad (forslag, saksnr, type, belop, fra, til)
    select key, k.saksnr, k.type, k.belop, k.dato, case when stanset.nr is null then flyttet.dato end
    from inkasso.planlagt_kostnad k
    left join inkasso.foreslaatte_utsettelser(vilkaar) u using (saksnr)
    cross join lateral (select k.dato + coalesce(u.dager, 0)) flyttet (dato)
    left join lateral (
        select a.nr
        from inkasso.foreslaatte_saker(vilkaar) x
        join inkasso.foreslaatte_avdrag(vilkaar) a on a.avtalenr = x.avtalenr and a.nr = 1
        cross join inkasso.retningslinje r
        where x.saksnr = k.saksnr
          and (r.avtale_stopper_salaer = 'J' and a.forfall < flyttet.dato or k.type in (21, 22))) stanset on true
    where k.saksnr = any (array(select jsonb_array_elements_text(vilkaar -> 'case_ids')))
      and (u.dager > 0 or stanset.nr is not null);

    insert into inkasso.forslag_kostnad (forslag, saksnr, type, belop, til)
    select key, x.saksnr, nytt.type, nytt.belop, a.forfall
    from inkasso.foreslaatte_avdrag(vilkaar) a
    join inkasso.foreslaatte_saker(vilkaar) x on x.avtalenr = a.avtalenr and x.plass = 1
    cross join inkasso.retningslinje r
    cross join lateral (values
        (21, r.avdragsgebyr),
        (22, case when a.nr = 1 and a.antall > r.salaerfrie_avdrag then r.avdragssalaer end)) nytt (type, belop)
    where nytt.belop > 0;

    delete from inkasso.planlagt_kostnad k
    using inkasso.forslag_kostnad e
    where e.forslag = key and (k.saksnr, k.type, k.dato) = (e.saksnr, e.type, e.fra);

    insert into inkasso.planlagt_kostnad (saksnr, dato, type, belop)
    select saksnr, til, type, belop from inkasso.forslag_kostnad where forslag = key and til is not null;
end
$$;

create function inkasso.inngaa(key uuid) returns void
language sql volatile as $$
    update inkasso.avtale a
    set status = 'A', inngaatt = inkasso.i_dag(), frist = r.dager_til_brudd, utsettelser = r.utsatte_avdrag
    from inkasso.retningslinje r
    where a.forslag = key
$$;

-- Removes what a betalingsforslag has made and puts its changes right. What was charged
-- meanwhile is no longer planned, and stays charged.
create function inkasso.angre(key uuid) returns void
language plpgsql volatile as $$
begin
    delete from inkasso.forslag_kostnad e
    where e.forslag = key and e.til is not null
      and not exists (select from inkasso.planlagt_kostnad k
                      where (k.saksnr, k.type, k.dato) = (e.saksnr, e.type, e.til));
    delete from inkasso.planlagt_kostnad k
    using inkasso.forslag_kostnad e
    where e.forslag = key and (k.saksnr, k.type, k.dato) = (e.saksnr, e.type, e.til);
    insert into inkasso.planlagt_kostnad (saksnr, dato, type, belop)
    select e.saksnr, e.fra, e.type, e.belop
    from inkasso.forslag_kostnad e join inkasso.sak s using (saksnr)
    where e.forslag = key and e.fra is not null and s.avsluttet is null;
    delete from inkasso.forslag_kostnad where forslag = key;

    delete from inkasso.avdrag x using inkasso.avtale a where a.avtale_id = x.avtale_id and a.forslag = key;
    delete from inkasso.avtale_sak x using inkasso.avtale a where a.avtale_id = x.avtale_id and a.forslag = key;
    delete from inkasso.avtale where forslag = key;
    delete from inkasso.henvendelse where forslag = key;
    delete from inkasso.salaer where forslag = key;
    delete from inkasso.betalingsforslag where forslag = key;
end
$$;

create schema oversikt_rules;

create function oversikt_rules.propose_solution(
    proposal uuid, caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
begin
    reason := inkasso.avslag(caller, input);
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'PROPOSED';
    perform inkasso.opprett(proposal, inkasso.skyldner_for(caller), input);
end
$$;

create function oversikt_rules.confirm_solution(proposal uuid, caller jsonb, input jsonb) returns void
language plpgsql volatile as $$
begin
    perform inkasso.laas_saker(caller, input -> 'case_ids');
    perform inkasso.endre_kostnader(proposal, input);
    perform inkasso.inngaa(proposal);
    update inkasso.henvendelse h set status = 1, avgjort = inkasso.i_dag() where h.forslag = proposal;
    insert into inkasso.salaer (saksnr, type, belop, dato, hjemmel, forslag)
    select u.saksnr, 23, u.gebyr, inkasso.i_dag(), 'avtale om utsettelse', proposal
    from inkasso.foreslaatte_utsettelser(input) u where u.gebyr > 0;
    update inkasso.betalingsforslag f set status = 'B', endret = now() at time zone 'Europe/Oslo'
    where f.forslag = proposal;
end
$$;

create function oversikt_rules.withdraw_solution(proposal uuid, caller jsonb, input jsonb) returns void
language plpgsql volatile as $$
begin
    perform inkasso.laas_saker(caller, input -> 'case_ids');
    perform inkasso.angre(proposal);
end
$$;
