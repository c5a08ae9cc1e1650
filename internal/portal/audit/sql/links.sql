-- Links in their order, each with its entry. Rides on the primary keys.
select k.at, k.id, l.id is not null as there, COLUMNS, k.number, k.doubted, k.digest, k.mac
from (select * from portal.access_log_link where number > @after::bigint order by number limit @most::int) k
left join portal.access_log l on l.at = k.at and l.id = k.id
order by k.number
