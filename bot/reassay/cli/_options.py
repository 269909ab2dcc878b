"""Options that several commands share."""

import argparse


def add_path(parser: argparse.ArgumentParser) -> None:
    """PATH, for commands that read a checkout."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a checkout of a framework repository (.)")


def add_at(parser: argparse.ArgumentParser) -> None:
    """`--at`, wherever time matters."""
    parser.add_argument(
        "--at",
        metavar="DATE",
        help="as of then: a date alone is its end in the configured time zone; later ledger entries are ignored",
    )


def add_revisions(parser: argparse.ArgumentParser) -> None:
    """BASE and HEAD, for commands that compare two revisions."""
    parser.add_argument("base", metavar="BASE", help="the revision that is merged into")
    parser.add_argument("head", metavar="HEAD", help="the revision with the changes")
