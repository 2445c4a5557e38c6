"""The model: periods, units, concepts, companies, packs, plans, evaluations. Frozen types."""
