select name from portal.retention_rule order by name
