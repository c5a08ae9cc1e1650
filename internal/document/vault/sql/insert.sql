insert into portal.document (id, act, place, agency, case_id, kind, named, media_type, bytes, sealed, created_at)
values (@id::uuid, @act::uuid, @place::smallint, @agency::text, @case_id::text, @kind::text, nullif(@subject::text, ''),
        @media_type::text, @bytes::integer, @sealed::bytea, @now::timestamptz)
