delete from portal.document d
using portal.act a
where d.state = 'PENDING' and a.id = d.act and a.status in ('REFUSED', 'WITHDRAWN')
