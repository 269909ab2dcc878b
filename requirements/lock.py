"""Renews the requirement files: every version pinned, every file hashed, no registry named (uv.lock would record addresses)."""

import subprocess
import sys

COMMON = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--custom-compile-command=make lock",
    "--quiet",
)
FILES = {
    "requirements/action.txt": ("pyproject.toml", "--extra=pictures"),
    "requirements/server.txt": ("pyproject.toml", "--extra=pictures", "--extra=server"),
    "requirements/dev.txt": (
        "pyproject.toml",
        "--extra=completion",
        "--extra=mcp",
        "--extra=pictures",
        "--extra=server",
        "--extra=xlsx",
        "--group=dev",
    ),
    "requirements/docs.txt": ("--group=docs",),
    "requirements/uv.txt": ("requirements/uv.in",),
}


def main() -> int:
    """Compile each file with the arguments given on the command line added (for example --upgrade)."""
    for target, sources in FILES.items():
        command = ["uv", "pip", "compile", *sources, *COMMON, f"--output-file={target}", *sys.argv[1:]]
        subprocess.run([sys.executable, "-m", *command], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
