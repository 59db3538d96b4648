"""Are children decided on alike? Changed proposals and time to a decision, by group, with small numbers left out."""
