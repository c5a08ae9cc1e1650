-- No more than so many wait for an answer. Rides on privacy_request_subject.
insert into portal.privacy_request (id, subject, kind, agency, text, person, submitted_at, answer_by, status)
select @id::uuid, @subject::bytea, @kind::text, @agency::text, @text::bytea, @person::bytea,
       @submitted_at::timestamptz, @answer_by::date, 'RECEIVED'
where (select count(*) from portal.privacy_request where subject = any(@subjects::bytea[]) and answered_at is null) < @most::bigint
