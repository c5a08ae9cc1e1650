-- The last link before the first one of an entry that is kept; none where the anchor is there already.
select k.number, k.mac
from portal.access_log_link k
where k.number = (select min(number) - 1 from portal.access_log_link where at >= @cut::timestamptz)
  and k.number > coalesce((select max(number) from portal.access_log_anchor), 0)
