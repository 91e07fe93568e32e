"""Review of a proposal against the plan: proposal, rules, findings, engine."""
