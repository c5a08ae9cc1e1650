-- The keys that the database needs, and the marks of references from before they had keys.
select name, check_value, sealed from portal.key order by name, since
