"""Spreadsheets and registers on disk."""
