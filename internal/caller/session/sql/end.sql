delete from portal.session
where key = any(@keys::bytea[])
returning kind, holder, issuer, acr
