"""Repositories on disk, as the commands that need no GitHub read them."""

import subprocess
from pathlib import Path


def git(folder: Path, *arguments: str) -> None:
    """Runs git in a folder, as a person of the framework."""
    identity = ("-c", "user.name=safety-lead", "-c", "user.email=safety-lead@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)
