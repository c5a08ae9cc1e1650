select count(*) from oversikt.agency a where a.contract_version not in (1, 2)
