"""Somebody asks to see what the file says of them: gathered, words kept back on a ground, given by a second person."""
