"""Verdicts and differences as check run, comment, terminal text and JSON."""
