"""The Police and Partners Tasking Meeting."""
