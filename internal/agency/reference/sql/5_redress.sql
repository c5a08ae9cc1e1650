-- The rules of a complaint about the agency, and of its answer.

create function oversikt_rules.submit_complaint(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    about  constant text[] := case when jsonb_typeof(input -> 'categories') = 'array'
                                   then array(select jsonb_array_elements_text(input -> 'categories')) else '{}' end;
    said   constant text := nullif(btrim(input ->> 'statement'), '');
    files  constant integer := core.files(input);
    locked bigint[];
    made   core.complaint;
begin
    locked := core.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    reason := case
        when cardinality(about) = 0 and said is null or length(said) > 4000 or files is null
          or not about <@ '{PRESSURE,DISPUTED_CLAIM,WARNING,COSTS,NOT_MERGED,INFORMATION,SECRECY,NO_ANSWER,OTHER}' then 'INVALID_INPUT'
        when coalesce(cardinality(locked), 0) = 0 then 'NOT_FOUND'
        when exists (select from core.complaint x where x.case_id = any (locked) and x.status = 'RECEIVED') then 'COMPLAINT_EXISTS'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        insert into core.complaint (case_id, categories, statement, submitted_at, answer_by, files)
        values (locked[1], about, said, now(), core.today() + 7, files)
        returning * into made;
        result := jsonb_build_object('complaint_id', made.complaint_id::text, 'answer_by', made.answer_by);
    end if;
end
$$;

create function oversikt_rules.answer_complaint(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    outcome constant text := input ->> 'outcome';
    said    constant text := nullif(btrim(input ->> 'reply'), '');
    held    core.complaint;
begin
    select x.* into held from core.complaint x
    where x.complaint_id::text = input ->> 'complaint_id' and caller -> 'staff' = 'true'
    for update;
    reason := case
        when (outcome in ('UPHELD', 'PARTLY_UPHELD', 'REJECTED')) is not true or said is null or length(said) > 4000 then 'INVALID_INPUT'
        when held.complaint_id is null then 'NOT_FOUND'
        when held.status <> 'RECEIVED' then 'ALREADY_DECIDED'
    end;
    status := case when reason is null then 'DONE' else 'REFUSED' end;
    if reason is null then
        update core.complaint x set status = outcome, answered_on = core.today(), reply = said
        where x.complaint_id = held.complaint_id;
    end if;
end
$$;
