"""Arguments that several commands have."""

import argparse


def add_path(parser: argparse.ArgumentParser) -> None:
    """Adds PATH, for commands that read a checkout; in a folder of a repository they read the repository."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a checkout of a framework repository (.)")
    parser.set_defaults(reads_repository=True)


def add_at(parser: argparse.ArgumentParser) -> None:
    """Adds `--at`, for commands whose result depends on the date."""
    parser.add_argument(
        "--at",
        metavar="DATE",
        help="date or instant to answer for: a date alone is the end of that day in the configured time zone",
    )


def add_revisions(parser: argparse.ArgumentParser) -> None:
    """Adds BASE and HEAD, for commands that compare two revisions."""
    parser.add_argument("base", metavar="BASE", help="revision that is merged into")
    parser.add_argument("head", metavar="HEAD", help="revision with the changes")
