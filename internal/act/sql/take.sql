-- Makes somebody the only driver for a while. Who drove it before and did not let it go may
-- have asked the agencies. An act that has ended is driven by nobody.
with taken as (
    update portal.act a
    set driver = @driver, driven_until = clock_timestamp() + @lease::interval
    from (select id, driver from portal.act
          where id = @id and ended_at is null and (driver is null or driven_until < clock_timestamp())
          for update) was
    where a.id = was.id
    returning a.id, was.driver is not null as left_behind
), doubted as (
    update portal.act_agency x set sent = true
    from taken t
    where x.act = t.id and t.left_behind and x.state = 'PENDING'
)
select count(*) > 0 from taken
