"""Audit packs on disk: inputs, composition, writing and checking."""
