"""Pages of assessments: writing one, reading one, deciding what follows."""
