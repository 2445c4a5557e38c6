"""The gate: policy, waivers and baseline, and the decision that they come to."""
