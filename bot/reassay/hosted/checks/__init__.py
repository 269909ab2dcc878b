"""Checks of a server: before it starts (`reassay serve --check`) and from outside while it runs (`reassay doctor --server`)."""
