select name, days from portal.retention_rule
