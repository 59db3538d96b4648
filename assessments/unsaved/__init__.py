"""What is typed and not saved yet: kept for its author, shown to nobody else, gone with the save."""
