delete from portal.document d where d.act = @act::uuid
