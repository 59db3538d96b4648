"""Pages that look across packages: the worklist, search, the case file, who may see it."""
