-- Entries that are in no link and do not wait for one: nobody has inserted them as the service does.
select l.at
from portal.access_log l
where not exists (select from portal.access_log_link k where k.at = l.at and k.id = l.id)
  and not exists (select from portal.access_log_new n where n.at = l.at and n.id = l.id)
  and l.at >= @cut::timestamptz
order by l.at
limit @most::int
