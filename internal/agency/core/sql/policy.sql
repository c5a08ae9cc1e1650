-- One row.
select imputation, min_instalment_ore, max_instalments, instalment_fee_ore, setup_fee_ore,
       setup_free_instalments, max_deferral_days, deferral_fee_ore, joint_agreements,
       agreement_stops_costs
from oversikt.policy
