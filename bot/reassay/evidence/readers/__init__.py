"""Readers of result files, one file each. A reader recognises its files by their content, and counts; it never judges."""

from reassay.evidence.readers import csv_table, garak, inspect_ai, json_table, junit, lm_eval, promptfoo, pyrit
from reassay.evidence.readers.base import EvidenceReader

READERS: tuple[EvidenceReader, ...] = (
    inspect_ai.READER,
    lm_eval.READER,
    garak.READER,
    promptfoo.READER,
    pyrit.READER,
    junit.READER,
    # What no tool's format fixes comes last.
    json_table.READER,
    csv_table.READER,
)
"""In the order in which they are asked; the first that recognises a file reads it."""
