"""Answers and signatures: which rows a re-assessment has, who may fill them, what was signed, and whether it still holds."""
