-- The rules of what a debtor asks for in a case: utsettelse, pusterom, innsigelse.

-- Notes that an utsettelse is asked for, with what the planned costs would be.
create function inkasso.sok_utsettelse(sak text, dag date, ord text, avgift numeric) returns uuid
language sql volatile as $$
    insert into inkasso.henvendelse (saksnr, type, mottatt, til, begrunnelse, gebyr, kostnad_uten, kostnad_med)
    select sak, 1, now() at time zone 'Europe/Oslo', dag, ord, avgift,
           coalesce(sum(p.belop) filter (where p.dato <= dag), 0),
           coalesce(sum(p.belop) filter (where p.dato + (dag - inkasso.i_dag()) <= dag), 0) + avgift
    from inkasso.planlagt_kostnad p
    where p.saksnr = sak
    returning henvendelse_id
$$;

-- Innvilger an utsettelse from today until a day: the planned costs move by the days.
create function inkasso.innvilg(nr uuid, dag date, ord text) returns void
language plpgsql volatile as $$
declare
    dager    constant integer := dag - inkasso.i_dag();
    gjelder  inkasso.henvendelse;
    planlagt inkasso.planlagt_kostnad[];
begin
    select * into gjelder from inkasso.henvendelse h where h.henvendelse_id = nr;
    planlagt := array(select k from inkasso.planlagt_kostnad k where k.saksnr = gjelder.saksnr);
    delete from inkasso.planlagt_kostnad k where k.saksnr = gjelder.saksnr;
    insert into inkasso.planlagt_kostnad (saksnr, dato, type, belop)
    select p.saksnr, p.dato + dager, p.type, p.belop from unnest(planlagt) p;
    if gjelder.gebyr > 0 then
        insert into inkasso.salaer (saksnr, type, belop, dato, hjemmel)
        values (gjelder.saksnr, 23, gjelder.gebyr, inkasso.i_dag(), 'avtale om utsettelse');
    end if;
    update inkasso.henvendelse h
    set status = 1, til = dag, avgjort = inkasso.i_dag(), svar = ord,
        kostnad_uten = (select coalesce(sum(p.belop), 0) from unnest(planlagt) p where p.dato <= dag),
        kostnad_med = h.gebyr + (select coalesce(sum(p.belop), 0) from unnest(planlagt) p where p.dato + dager <= dag)
    where h.henvendelse_id = nr;
end
$$;

create function inkasso.er_utsatt(sak text, dag date) returns boolean
language sql stable as $$
    select exists (select from inkasso.henvendelse h
                   where h.saksnr = sak and h.type = 1
                     and (h.status = 1 and h.til >= dag or h.status = 0 and h.forslag is null))
        or exists (select from inkasso.sperre x
                   where x.saksnr = sak and x.aarsak = 2 and coalesce(x.til, 'infinity') >= dag)
$$;

create function oversikt_rules.request_deferral(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    dag   constant date := inkasso.dag(input ->> 'until');
    regel inkasso.retningslinje;
    laast text[];
    sak   inkasso.sak;
    ny    inkasso.henvendelse;
    nr    uuid;
begin
    select * into regel from inkasso.retningslinje;
    laast := inkasso.laas_saker(caller, jsonb_build_array(input ->> 'case_id'));
    select s.* into sak from inkasso.sak s where s.saksnr = any (laast);
    reason := case
        when (dag > inkasso.i_dag()) is not true or length(input ->> 'reason') > 2000 then 'INVALID_INPUT'
        when sak.saksnr is null then 'NOT_FOUND'
        when sak.avsluttet is not null then 'CASE_CLOSED'
        when inkasso.er_bestridt(laast) then 'DISPUTED'
        when inkasso.har_avtale(laast) then 'AGREEMENT_EXISTS'
        when inkasso.er_utsatt(sak.saksnr, inkasso.i_dag()) then 'DEFERRAL_EXISTS'
        when sak.status in (10, 20) then 'TOO_EARLY'
        when dag - inkasso.i_dag() > greatest(regel.maks_utsettelse, regel.maks_omsokt) then 'NOT_THE_POLICY'
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    nr := inkasso.sok_utsettelse(sak.saksnr, dag, input ->> 'reason', regel.utsettelsesgebyr);
    if dag - inkasso.i_dag() <= regel.maks_utsettelse then
        perform inkasso.innvilg(nr, dag, null);
    end if;
    select * into ny from inkasso.henvendelse h where h.henvendelse_id = nr;
    result := jsonb_build_object('deferral_id', ny.henvendelse_id, 'status', case ny.status when 1 then 'GRANTED' else 'REQUESTED' end,
        'cost_before_ore', (ny.kostnad_uten * 100)::bigint, 'cost_after_ore', (ny.kostnad_med * 100)::bigint);
end
$$;

create function oversikt_rules.request_breathing_space(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    dag      constant date := inkasso.dag(input ->> 'until');
    skyldner constant uuid := inkasso.skyldner_for(caller);
    regel inkasso.retningslinje;
    saker text[];
    sak   text;
    nr    uuid;
begin
    select * into regel from inkasso.retningslinje;
    saker := inkasso.laas_saker(caller, (select jsonb_agg(s.saksnr) from inkasso.sak s where s.skyldner_id = skyldner));
    saker := array(select s.saksnr
                   from inkasso.sak s
                   where s.saksnr = any (saker) and s.avsluttet is null and s.status not in (10, 20)
                     and not inkasso.er_bestridt(array[s.saksnr]) and not inkasso.har_avtale(array[s.saksnr])
                     and not inkasso.er_utsatt(s.saksnr, dag)
                   order by s.saksnr);
    reason := case
        when (dag > inkasso.i_dag()) is not true or length(input ->> 'reason') > 2000 then 'INVALID_INPUT'
        when skyldner is null then 'NOT_FOUND'
        when saker = '{}' then 'NOTHING_OPEN'
        when dag - inkasso.i_dag() > greatest(regel.maks_utsettelse, regel.maks_omsokt) then 'NOT_THE_POLICY'
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    foreach sak in array saker loop
        nr := inkasso.sok_utsettelse(sak, dag, input ->> 'reason', 0);
        if dag - inkasso.i_dag() <= regel.maks_utsettelse then
            perform inkasso.innvilg(nr, dag, null);
        end if;
    end loop;
    result := jsonb_build_object('status', case when dag - inkasso.i_dag() <= regel.maks_utsettelse then 'GRANTED' else 'REQUESTED' end,
        'until', dag, 'case_ids', to_jsonb(saker));
end
$$;

-- The henvendelse about utsettelse of a key, for a saksbehandler. Its sak is locked.
create function inkasso.utsettelse_til_behandling(caller jsonb, nr text) returns inkasso.henvendelse
language plpgsql volatile as $$
declare
    funnet inkasso.henvendelse;
begin
    perform from inkasso.sak s
    where s.saksnr = (select h.saksnr from inkasso.henvendelse h where h.henvendelse_id::text = nr and h.type = 1)
      and caller -> 'staff' = 'true'
    for update;
    if found then
        select h.* into funnet from inkasso.henvendelse h where h.henvendelse_id::text = nr;
    end if;
    return funnet;
end
$$;

create function oversikt_rules.decide_deferral(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    innvilges constant boolean := case input ->> 'decision' when 'GRANT' then true when 'REFUSE' then false end;
    ord       constant text := nullif(btrim(input ->> 'reply'), '');
    gjelder   inkasso.henvendelse := inkasso.utsettelse_til_behandling(caller, input ->> 'deferral_id');
    dag       constant date := case when input ->> 'until' is null then gjelder.til else inkasso.dag(input ->> 'until') end;
begin
    reason := case
        when innvilges is null or length(ord) > 2000 or not innvilges and ord is null
          or innvilges and gjelder.saksnr is not null and (dag > inkasso.i_dag()) is not true then 'INVALID_INPUT'
        when gjelder.saksnr is null then 'NOT_FOUND'
        when gjelder.status <> 0 or gjelder.forslag is not null then 'ALREADY_DECIDED'
        when innvilges and (select s.avsluttet is not null from inkasso.sak s where s.saksnr = gjelder.saksnr) then 'CASE_CLOSED'
        when innvilges and inkasso.er_bestridt(array[gjelder.saksnr]) then 'DISPUTED'
        when innvilges and inkasso.har_avtale(array[gjelder.saksnr]) then 'AGREEMENT_EXISTS'
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    if innvilges then
        perform inkasso.innvilg(gjelder.henvendelse_id, dag, ord);
    else
        update inkasso.henvendelse h set status = 2, avgjort = inkasso.i_dag(), svar = ord
        where h.henvendelse_id = gjelder.henvendelse_id;
    end if;
end
$$;

create function inkasso.aarsakskode(grunn text) returns text
language sql immutable as $$
    select case grunn when 'NOT_MY_DEBT' then '01' when 'ALREADY_PAID' then '02' when 'WRONG_AMOUNT' then '03'
                      when 'NOT_RECEIVED' then '04' when 'DEFECT' then '05' when 'CANCELLED' then '06'
                      when 'NO_INVOICE' then '07' when 'FRAUD' then '08' when 'TIME_BARRED' then '09'
                      when 'OTHER' then '99' end
$$;

-- How many filer are enclosed: 0 for a null, and null for what is no such number.
create function inkasso.antall_filer(input jsonb) returns smallint
language sql immutable as $$
    select case when coalesce(input -> 'files', 'null') = 'null' then 0::smallint
                when (input -> 'files')::text ~ '^[1-5]$' then (input -> 'files')::text::smallint end
$$;

create function oversikt_rules.submit_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    grunner  text[] := '{}';
    ord      constant text := nullif(btrim(input ->> 'statement'), '');
    bestridt constant numeric := (input ->> 'disputed_amount_ore')::numeric / 100;
    filer    constant smallint := inkasso.antall_filer(input);
    laast    text[];
    sak      inkasso.sak;
    ny       uuid := gen_random_uuid();
begin
    if jsonb_typeof(input -> 'reasons') = 'array' then
        grunner := array(select inkasso.aarsakskode(g) from jsonb_array_elements_text(input -> 'reasons') g);
    end if;
    laast := inkasso.laas_saker(caller, jsonb_build_array(input ->> 'case_id'));
    select s.* into sak from inkasso.sak s where s.saksnr = any (laast);
    reason := case
        when grunner = '{}' and ord is null or array_position(grunner, null) is not null or length(ord) > 4000
          or bestridt <= 0 or cardinality(grunner) > 10 or filer is null then 'INVALID_INPUT'
        when sak.saksnr is null then 'NOT_FOUND'
        when sak.avsluttet is not null then 'CASE_CLOSED'
        when inkasso.er_bestridt(laast) then 'OBJECTION_EXISTS'
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    insert into inkasso.innsigelse (innsigelse_id, saksnr, aarsaker, tekst, mottatt, bestridt, kontakt, antall_filer)
    values (ny, sak.saksnr, array_to_string(grunner, ','), ord, now() at time zone 'Europe/Oslo', bestridt,
            case input -> 'contact_with_creditor' when 'true' then 'J' when 'false' then 'N' end, filer);
    -- Fees of an avtale are no step of collection: they run with it.
    insert into inkasso.stanset_kostnad (innsigelse_id, saksnr, dato, type, belop)
    select ny, k.saksnr, k.dato, k.type, k.belop
    from inkasso.planlagt_kostnad k where k.saksnr = sak.saksnr and k.type not in (21, 22);
    delete from inkasso.planlagt_kostnad k where k.saksnr = sak.saksnr and k.type not in (21, 22);
    result := jsonb_build_object('objection_id', ny);
end
$$;

-- The innsigelse of a key in a case that the caller may act in, which is locked.
create function inkasso.innsigelse_for(caller jsonb, nr text) returns inkasso.innsigelse
language plpgsql volatile as $$
declare
    laast text[];
    funnet inkasso.innsigelse;
begin
    laast := inkasso.laas_saker(caller, (select jsonb_agg(x.saksnr) from inkasso.innsigelse x where x.innsigelse_id::text = nr));
    select x.* into funnet from inkasso.innsigelse x where x.innsigelse_id::text = nr and x.saksnr = any (laast);
    return funnet;
end
$$;

create function oversikt_rules.add_to_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    ord    constant text := nullif(btrim(input ->> 'statement'), '');
    filer  constant smallint := inkasso.antall_filer(input);
    gjelder inkasso.innsigelse := inkasso.innsigelse_for(caller, input ->> 'objection_id');
begin
    reason := case
        when ord is null or length(ord) > 4000 or filer is null then 'INVALID_INPUT'
        when gjelder.innsigelse_id is null then 'NOT_FOUND'
        when gjelder.status not in ('M', 'B') then 'OBJECTION_DECIDED'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        update inkasso.innsigelse x set tekst = coalesce(x.tekst || E'\n\n', '') || ord, antall_filer = x.antall_filer + filer
        where x.innsigelse_id = gjelder.innsigelse_id;
    end if;
end
$$;

create function oversikt_rules.withdraw_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    gjelder inkasso.innsigelse := inkasso.innsigelse_for(caller, input ->> 'objection_id');
begin
    reason := case
        when gjelder.innsigelse_id is null then 'NOT_FOUND'
        when gjelder.status not in ('M', 'B') then 'OBJECTION_DECIDED'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        update inkasso.innsigelse x set status = 'T', trukket = inkasso.i_dag() where x.innsigelse_id = gjelder.innsigelse_id;
        insert into inkasso.planlagt_kostnad (saksnr, dato, type, belop)
        select k.saksnr, k.dato + (inkasso.i_dag() - gjelder.mottatt::date), k.type, k.belop
        from inkasso.stanset_kostnad k join inkasso.sak s using (saksnr)
        where k.innsigelse_id = gjelder.innsigelse_id and s.avsluttet is null
        on conflict do nothing;
        delete from inkasso.stanset_kostnad k where k.innsigelse_id = gjelder.innsigelse_id;
    end if;
end
$$;

-- Setter ned a claim: the invoices of it, the latest first.
create function inkasso.sett_ned(sak text, belop numeric) returns void
language sql volatile as $$
    with linje as (
        select f.linjenr, f.belop,
               coalesce(sum(f.belop) over (order by f.linjenr desc rows between unbounded preceding and 1 preceding), 0) as senere
        from inkasso.fordring f
        where f.saksnr = sak and f.type = 'H'
    )
    update inkasso.fordring f
    set belop = f.belop - least(l.belop, sett_ned.belop - l.senere)
    from linje l
    where f.saksnr = sak and f.linjenr = l.linjenr and l.senere < sett_ned.belop
$$;

-- Inkasso goes on by a new frist, and what was stanset comes after it.
create function inkasso.gjenoppta(gjelder inkasso.innsigelse, ny_frist date) returns void
language sql volatile as $$
    with tilbake as (delete from inkasso.stanset_kostnad k where k.innsigelse_id = gjelder.innsigelse_id returning *),
    dager as (select greatest(inkasso.i_dag() - gjelder.mottatt::date, ny_frist + 1 - min(t.dato)) as antall from tilbake t)
    insert into inkasso.planlagt_kostnad (saksnr, dato, type, belop)
    select t.saksnr, t.dato + d.antall, t.type, t.belop from tilbake t cross join dager d
    on conflict do nothing;
    update inkasso.sak s set frist = ny_frist where s.saksnr = gjelder.saksnr;
$$;

-- The innsigelse of a key, for a saksbehandler. Its sak is locked, and those that are in an avtale with it.
create function inkasso.innsigelse_til_behandling(caller jsonb, nr text) returns inkasso.innsigelse
language plpgsql volatile as $$
declare
    funnet inkasso.innsigelse;
    sak    constant text := (select x.saksnr from inkasso.innsigelse x where x.innsigelse_id::text = nr);
begin
    perform from inkasso.sak s
    where (s.saksnr = sak
           or s.saksnr in (select o.saksnr from inkasso.avtale_sak x join inkasso.avtale_sak o using (avtale_id) where x.saksnr = sak))
      and caller -> 'staff' = 'true'
    order by s.saksnr
    for update;
    if found then
        select x.* into funnet from inkasso.innsigelse x where x.innsigelse_id::text = nr;
    end if;
    return funnet;
end
$$;

create function oversikt_rules.decide_objection(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    utfall    constant text := case input ->> 'decision' when 'UPHELD' then 'G' when 'PARTLY_UPHELD' then 'D'
                                                         when 'REJECTED' then 'A' when 'TO_BOARD' then 'F' end;
    ord       constant text := nullif(btrim(input ->> 'reply'), '');
    mening    constant text := nullif(btrim(input ->> 'creditor_standpoint'), '');
    nedsatt   constant numeric := (input ->> 'reduction_ore')::numeric / 100;
    tidligst  constant date := inkasso.i_dag() + 14;
    ny_frist  constant date := case when input ->> 'deadline' is null then tidligst else inkasso.dag(input ->> 'deadline') end;
    gjelder   inkasso.innsigelse := inkasso.innsigelse_til_behandling(caller, input ->> 'objection_id');
    sak       inkasso.sak;
begin
    select s.* into sak from inkasso.sak s where s.saksnr = gjelder.saksnr;
    reason := case
        when utfall is null or utfall <> 'G' and ord is null or length(ord) > 2000 or length(mening) > 2000
          or (utfall = 'D') <> (nedsatt is not null) or nedsatt <= 0 or (ny_frist >= tidligst) is not true then 'INVALID_INPUT'
        when gjelder.innsigelse_id is null then 'NOT_FOUND'
        when gjelder.status not in ('M', 'B') then 'ALREADY_DECIDED'
        when sak.avsluttet is not null and utfall in ('D', 'F') then 'CASE_CLOSED'
        when trim(sak.rettsskritt) <> '' and utfall = 'F' then 'BEFORE_COURT'
        when nedsatt >= (select sum(f.belop) from inkasso.fordring f where f.saksnr = sak.saksnr and f.type <> 'R')
                      - (select coalesce(sum(x.hovedstol), 0)
                         from inkasso.innbetaling i join inkasso.innbetaling_fordeling x using (innbetaling_id)
                         where i.saksnr = sak.saksnr) then 'TOO_MUCH'
        when jsonb_typeof(input -> 'instalments') = 'array'
            then (select case when inkasso.avslag_paa_avdrag(inkasso.bare_avdrag(a.saker, input -> 'instalments'), a.betalte, '-infinity')
                                   = 'INVALID_TERMS' then 'INVALID_TERMS' end
                  from inkasso.avtale_i(sak.saksnr) a where a.avtale_id is not null)
    end;
    if reason is not null then
        status := 'REFUSED';
        return;
    end if;
    status := 'DONE';
    update inkasso.innsigelse x
    set status = utfall, avgjort = inkasso.i_dag(), svar = ord, standpunkt = mening
    where x.innsigelse_id = gjelder.innsigelse_id;
    if sak.avsluttet is not null then
        return;
    end if;
    if utfall = 'D' then
        perform inkasso.sett_ned(sak.saksnr, nedsatt);
    end if;
    if utfall = 'G' then
        update inkasso.sak s set status = 81, avsluttet = inkasso.i_dag() where s.saksnr = gjelder.saksnr;
        delete from inkasso.planlagt_kostnad k where k.saksnr = sak.saksnr;
    elsif utfall = 'F' then
        update inkasso.sak s set status = 60, rettsskritt = 'K', frist = null where s.saksnr = gjelder.saksnr;
    else
        perform inkasso.gjenoppta(gjelder, ny_frist);
    end if;
    if utfall <> 'F' then
        perform inkasso.avtale_etter(gjelder.saksnr, input -> 'instalments');
    end if;
end
$$;
