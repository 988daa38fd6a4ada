"""Readers of files and pages, a file a kind. They run in a process of their own (child.py) and import nothing of ours
but each other: what they are given was written by anybody."""
