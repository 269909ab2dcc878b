"""Signals in words, tables and pictures."""
