-- One row.
select p.imputation, p.min_instalment_ore, p.max_instalments, p.instalment_fee_ore, p.setup_fee_ore,
       p.setup_free_instalments, p.max_deferral_days, p.deferral_fee_ore, p.joint_agreements,
       p.agreement_stops_costs, p.plan_longest, p.plan_grace_days, p.plan_skips, p.plan_after_breach
from oversikt.policy p
