"""The contextual safety plan (BR-09): unique to the child, about places and people, in the child's words."""
