-- The last link, else the anchor, else nothing.
select number, mac
from (select number, mac from portal.access_log_link union all select number, mac from portal.access_log_anchor) x
order by number desc
limit 1
