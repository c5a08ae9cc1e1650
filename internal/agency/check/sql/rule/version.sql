select count(*) from oversikt.agency a where a.contract_version <> 1
