-- Nothing is stored twice under one key, nor more than so many that wait for an answer.
insert into portal.privacy_request (id, subject, key, kind, agency, text, person, submitted_at, answer_by, status)
select @id::uuid, @subject::bytea, @key::uuid, @kind::text, @agency::text, @text::bytea, @person::bytea,
       @submitted_at::timestamptz, @answer_by::date, 'RECEIVED'
where (select count(*) from portal.privacy_request where subject = @subject and answered_at is null) < @most::bigint
on conflict (subject, key) do nothing
