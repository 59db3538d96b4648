"""Risk assessments, tier proposals and tier decisions."""
