"""Restricted files: named people alone, what others may know, and opening one in an emergency."""
