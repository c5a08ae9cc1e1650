-- Takes entries that are not linked yet, oldest first; one that is gone meanwhile has no request.
with taken as (
    delete from portal.access_log_new
    where ctid = any (array(select ctid from portal.access_log_new order by at, id limit @most::int))
    returning at, id
)
select t.at, t.id, l.id is not null as there, COLUMNS
from taken t
left join portal.access_log l on l.at = t.at and l.id = t.id
order by t.at, t.id
