"""Spreadsheets and register files on disk."""
