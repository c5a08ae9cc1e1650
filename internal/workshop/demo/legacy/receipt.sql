-- The rules of a kvittering, and of what is decided on it.

-- An amount in kroner of one in øre, in JSON; null for what is none.
create function inkasso.kroner(verdi jsonb) returns numeric
language sql immutable as $$
    select case when jsonb_typeof($1) = 'number' and $1::text ~ '^[0-9]{1,12}$' then $1::text::numeric / 100 end
$$;

create function oversikt_rules.submit_receipt(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    til    constant text := case input ->> 'kind' when 'TO_AGENCY' then 'I' when 'TO_CREDITOR' then 'F' end;
    ord    constant text := nullif(btrim(input ->> 'statement'), '');
    dag    constant date := inkasso.dag(input ->> 'paid_on');
    sum    constant numeric := inkasso.kroner(input -> 'amount_ore');
    antall constant smallint := inkasso.antall_filer(input);
    laast  text[];
    ny     inkasso.kvittering;
begin
    laast := inkasso.laas_saker(caller, jsonb_build_array(input ->> 'case_id'));
    reason := case
        when (til is not null and dag <= inkasso.i_dag() and sum > 0 and antall > 0) is not true or length(ord) > 4000
          or sum >= 10000000000 then 'INVALID_INPUT'
        when coalesce(cardinality(laast), 0) = 0 then 'NOT_FOUND'
        when exists (select from inkasso.sak s where s.saksnr = any (laast) and s.avsluttet is not null) then 'CASE_CLOSED'
        when exists (select from inkasso.kvittering x where x.saksnr = any (laast) and x.utfall is null) then 'RECEIPT_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into inkasso.kvittering (saksnr, betalt_til, betalt, belop, tekst, antall_filer, mottatt)
        values (laast[1], til, dag, sum, ord, antall, now() at time zone 'Europe/Oslo')
        returning * into ny;
        result := jsonb_build_object('receipt_id', ny.kvittering_id);
    end if;
end
$$;

-- A kvittering for a saksbehandler, with its sak locked; null for anybody else.
create function inkasso.kvittering_til_behandling(caller jsonb, nr text) returns inkasso.kvittering
language plpgsql volatile as $$
declare
    gjelder inkasso.kvittering;
begin
    perform from inkasso.sak s
    where s.saksnr = (select x.saksnr from inkasso.kvittering x where x.kvittering_id::text = nr) and caller -> 'staff' = 'true'
    for update;
    if found then
        select x.* into gjelder from inkasso.kvittering x where x.kvittering_id::text = nr;
        perform inkasso.bryt_avtaler(array[gjelder.saksnr]);
    end if;
    return gjelder;
end
$$;

-- Books what was paid. It covers the hovedstol first: it was paid for the claim, and no costs were asked for with it.
create function inkasso.foer_betaling(gjelder inkasso.kvittering, sum numeric) returns void
language sql volatile as $$
    with ny as (
        insert into inkasso.innbetaling (saksnr, belop, valutert, kanal)
        values (gjelder.saksnr, sum, gjelder.betalt, case gjelder.betalt_til when 'F' then 'F' else 'B' end)
        returning innbetaling_id, belop
    )
    insert into inkasso.innbetaling_fordeling (innbetaling_id, hovedstol) select n.innbetaling_id, n.belop from ny n
$$;

-- Lets salær and gebyr go, apart from those of courts and of namsmannen.
create function inkasso.slett_kostnader(sak text, senere_enn date) returns void
language sql volatile as $$
    update inkasso.salaer f set kreditert = inkasso.i_dag()
    where f.saksnr = sak and f.korrigerer is null and f.kreditert is null and f.type not in (31, 32, 33)
      and (senere_enn is null or f.dato > senere_enn)
$$;

-- Where nothing is owed any more: no cost is planned, and the avtale is over (oppgjort) when that goes for all its saker.
create function inkasso.gjoer_opp(sak text) returns void
language plpgsql volatile as $$
declare
    oppgjort uuid;
begin
    if inkasso.skyldig(sak, inkasso.i_dag()) > 0 then
        return;
    end if;
    delete from inkasso.planlagt_kostnad k where k.saksnr = sak and k.type not in (21, 22);
    for oppgjort in
        select a.avtale_id from inkasso.avtale a join inkasso.avtale_sak x using (avtale_id)
        where x.saksnr = sak and a.status = 'A'
          and not exists (select from inkasso.avtale_sak o
                          where o.avtale_id = a.avtale_id and inkasso.skyldig(o.saksnr, inkasso.i_dag()) > 0)
    loop
        perform inkasso.avslutt_avtale(oppgjort, 'O', inkasso.i_dag());
        delete from inkasso.planlagt_kostnad k
        where k.saksnr in (select o.saksnr from inkasso.avtale_sak o where o.avtale_id = oppgjort);
    end loop;
end
$$;

-- Whether an avtale keeps a sak from being closed: it is of other saker too, or nobody has decided on it.
create function inkasso.avtale_staar(sak text) returns boolean
language sql stable as $$
    select exists (select from inkasso.avtale a join inkasso.avtale_sak x using (avtale_id)
                   where x.saksnr = sak
                     and (a.status in ('V', 'F')
                          or a.status = 'A' and exists (select from inkasso.avtale_sak o
                                                        where o.avtale_id = a.avtale_id and o.saksnr <> sak)))
$$;

create function oversikt_rules.decide_receipt(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    kode     constant text := case input ->> 'decision' when 'ACCEPTED' then 'G' when 'PARTLY' then 'D' when 'REJECTED' then 'A' end;
    virkning constant text := input ->> 'effect';
    slett    constant text := input ->> 'costs';
    ord      constant text := nullif(btrim(input ->> 'reply'), '');
    del      constant numeric := inkasso.kroner(input -> 'amount_ore');
    gjelder  inkasso.kvittering := inkasso.kvittering_til_behandling(caller, input ->> 'receipt_id');
    sak      inkasso.sak;
begin
    select s.* into sak from inkasso.sak s where s.saksnr = gjelder.saksnr;
    reason := case
        when kode is null or kode <> 'G' and ord is null or length(ord) > 2000
          or kode = 'A' and num_nonnulls(virkning, slett) > 0
          or kode <> 'A' and (virkning in ('BOOK_PAYMENT', 'CLOSE_CASE', 'ALREADY_BOOKED')
                              and slett in ('KEEP', 'REVERSE_LATER', 'REVERSE_ALL')) is not true
          or (kode = 'D') <> (coalesce(jsonb_typeof(input -> 'amount_ore'), 'null') <> 'null')
          or kode = 'D' and (del > 0) is not true then 'INVALID_INPUT'
        when gjelder.kvittering_id is null then 'NOT_FOUND'
        when gjelder.utfall is not null then 'ALREADY_DECIDED'
        when del >= gjelder.belop then 'TOO_MUCH'
        when sak.avsluttet is not null and (virkning in ('BOOK_PAYMENT', 'CLOSE_CASE') or slett <> 'KEEP') then 'CASE_CLOSED'
        when virkning = 'CLOSE_CASE' and inkasso.avtale_staar(sak.saksnr) then 'AGREEMENT_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is not null then
        return;
    end if;
    update inkasso.kvittering x set utfall = kode, behandlet = inkasso.i_dag(), svar = ord
    where x.kvittering_id = gjelder.kvittering_id;
    if virkning in ('BOOK_PAYMENT', 'CLOSE_CASE') then
        perform inkasso.foer_betaling(gjelder, coalesce(del, gjelder.belop));
    end if;
    if slett <> 'KEEP' then
        perform inkasso.slett_kostnader(sak.saksnr, case slett when 'REVERSE_LATER' then gjelder.betalt end);
    end if;
    if virkning <> 'CLOSE_CASE' then
        perform inkasso.gjoer_opp(sak.saksnr);
    elsif virkning = 'CLOSE_CASE' then
        perform inkasso.avslutt_avtale(a.avtale_id, 'S', inkasso.i_dag())
        from inkasso.avtale a join inkasso.avtale_sak x using (avtale_id)
        where x.saksnr = sak.saksnr and a.status = 'A';
        delete from inkasso.planlagt_kostnad k where k.saksnr = sak.saksnr;
        update inkasso.sak s set status = 80, avsluttet = inkasso.i_dag() where s.saksnr = gjelder.saksnr;
    end if;
end
$$;
