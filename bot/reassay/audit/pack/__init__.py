"""Composes, writes and checks an audit pack on disk."""
