-- The rules of a klage on the firma, and of its answer.

create function inkasso.klagekode(grunn text) returns text
language sql immutable as $$
    select case grunn when 'PRESSURE' then '01' when 'DISPUTED_CLAIM' then '02' when 'WARNING' then '03' when 'COSTS' then '04'
                      when 'NOT_MERGED' then '05' when 'INFORMATION' then '06' when 'SECRECY' then '07'
                      when 'NO_ANSWER' then '08' when 'OTHER' then '99' end
$$;

create function oversikt_rules.submit_complaint(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    grunner text[] := '{}';
    ord     constant text := nullif(btrim(input ->> 'statement'), '');
    filer   constant smallint := inkasso.antall_filer(input);
    laast   text[];
    ny      inkasso.klage;
begin
    if jsonb_typeof(input -> 'categories') = 'array' then
        grunner := array(select inkasso.klagekode(g) from jsonb_array_elements_text(input -> 'categories') g);
    end if;
    laast := inkasso.laas_saker(caller, jsonb_build_array(input ->> 'case_id'));
    reason := case
        when grunner = '{}' and ord is null or array_position(grunner, null) is not null or length(ord) > 4000
          or cardinality(grunner) > 10 or filer is null then 'INVALID_INPUT'
        when coalesce(cardinality(laast), 0) = 0 then 'NOT_FOUND'
        when exists (select from inkasso.klage x where x.saksnr = any (laast) and x.utfall is null) then 'COMPLAINT_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into inkasso.klage (saksnr, gjelder, tekst, mottatt, svarfrist, antall_filer)
        values (laast[1], array_to_string(grunner, ','), ord, now() at time zone 'Europe/Oslo', inkasso.i_dag() + 7, filer)
        returning * into ny;
        result := jsonb_build_object('complaint_id', ny.klage_id, 'answer_by', ny.svarfrist);
    end if;
end
$$;

create function oversikt_rules.answer_complaint(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    kode    constant text := case input ->> 'outcome' when 'UPHELD' then 'G' when 'PARTLY_UPHELD' then 'D' when 'REJECTED' then 'A' end;
    ord     constant text := nullif(btrim(input ->> 'reply'), '');
    gjelder inkasso.klage;
begin
    select x.* into gjelder from inkasso.klage x
    where x.klage_id::text = input ->> 'complaint_id' and caller -> 'staff' = 'true'
    for update;
    reason := case
        when kode is null or ord is null or length(ord) > 4000 then 'INVALID_INPUT'
        when gjelder.klage_id is null then 'NOT_FOUND'
        when gjelder.utfall is not null then 'ALREADY_DECIDED'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        update inkasso.klage x set utfall = kode, besvart = inkasso.i_dag(), svar = ord where x.klage_id = gjelder.klage_id;
    end if;
end
$$;
