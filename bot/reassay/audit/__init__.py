"""Audit packs: the figures of a period, computed from the register and the ledger alone.

The modules of this folder are pure. `pack/` reads and writes packs on disk; `views/` renders page, tables and documents.
"""
