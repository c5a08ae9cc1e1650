-- The rules of a complaint about the agency, and of its answer.

create function oversikt_rules.submit_complaint(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    about  text[] := '{}';
    words  constant text := nullif(btrim(input ->> 'statement'), '');
    count  constant smallint := journal.files_in(input);
    locked text[];
    found  journal.keyed;
    new    journal.complaint;
begin
    if jsonb_typeof(input -> 'categories') = 'array' then
        about := array(select (select k.code from journal.code k where k.list = 'grievance' and k.means = g)
                       from jsonb_array_elements_text(input -> 'categories') g);
    end if;
    locked := journal.lock_cases(caller, jsonb_build_array(input ->> 'case_id'));
    select s.* into found from journal.keyed s where s.id = any (locked);
    reason := case
        when about = '{}' and words is null or array_position(about, null) is not null or length(words) > 4000
          or cardinality(about) > 10 or count is null then 'INVALID_INPUT'
        when found.id is null then 'NOT_FOUND'
        when exists (select from journal.complaint x
                     where (x.case_office, x.case_serial) = (found.office, found.serial) and x.status = '0') then 'COMPLAINT_EXISTS'
    end;
    status := 'REFUSED';
    if reason is null then
        status := 'DONE';
        insert into journal.complaint (office, serial, case_office, case_serial, about, statement, submitted_at, answer_by,
                                       files)
        values (found.office, nextval('journal.serials'), found.office, found.serial, array_to_string(about, ','), words, now(),
                journal.day_of(journal.today() + 7), count)
        returning * into new;
        result := jsonb_build_object('complaint_id', new.office::text || '-' || new.serial::text,
                                     'answer_by', journal.date_of(new.answer_by));
    end if;
end
$$;

create function oversikt_rules.answer_complaint(
    caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql volatile as $$
declare
    outcome constant text := (select k.code from journal.code k
                              where k.list = 'complaint' and k.means = input ->> 'outcome' and k.code <> '0');
    words   constant text := nullif(btrim(input ->> 'reply'), '');
    held    journal.complaint;
begin
    select x.* into held from journal.complaint x
    where x.office::text || '-' || x.serial::text = input ->> 'complaint_id' and caller -> 'staff' = 'true'
      and exists (select from journal.keyed s where (s.office, s.serial) = (x.case_office, x.case_serial))
    for update;
    reason := case
        when outcome is null or words is null or length(words) > 4000 then 'INVALID_INPUT'
        when held.serial is null then 'NOT_FOUND'
        when held.status <> '0' then 'ALREADY_DECIDED'
    end;
    status := 'REFUSED';
    if reason is null then
        status := 'DONE';
        update journal.complaint x set status = outcome, answered_on = journal.day_of(journal.today()), reply = words
        where (x.office, x.serial) = (held.office, held.serial);
    end if;
end
$$;
