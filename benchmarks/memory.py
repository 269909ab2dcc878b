"""What a server weighs after a hundred thousand deliveries. Prints a table, judges nothing.

    python -m benchmarks.memory [COUNT]        (needs wrk; 100,000 if no COUNT is given)

The real `reassay serve` on the PostgreSQL that starts itself, beside a local GitHub: it takes signed deliveries about a
pull request, reads them, and judges the pull request in jobs of its own, two at once. "Resident" is that process alone,
without PostgreSQL and git; the goal is at most 150 MB, and that it does not grow.
"""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from benchmarks.common import PRODUCT
from benchmarks.intake import HERE, ROOT, free_port, missing
from reassay_sandbox import Sandbox
from reassay_sandbox.apps import App

SECRET = "benchmark"
NAME = "lab/framework"
RIGHTS = {"metadata": "read", "contents": "write", "issues": "write", "pull_requests": "write", "checks": "write"}
REGISTER = (
    b"mode: remind\npublish: true\nmitigations:\n"
    b"  - {id: drills, title: Drills are held, owner: safety-lead, assessor: red-team-lead, every: 6 months}\n"
)
STEPS = 10
EVENTS = ("check_run", "issue_comment", "issues", "merge_group", "pull_request", "push")


def stage(box: Sandbox) -> tuple[str, bytes]:
    """A repository with a pull request and an App with number 1; its key, and what GitHub delivers."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for login in ("safety-lead", "red-team-lead"):
        box.add_user(login)
    repo = box.add_repo(NAME, files={"framework/mitigations.yml": REGISTER}, collaborators={"safety-lead": "write"})
    repo.commit({"README.md": b"Words."}, "Words", "safety-lead", "change")
    number = repo.open_pull_as("safety-lead", "change")
    app = App(1, box.add_bot("reassay"), public, dict(RIGHTS), EVENTS, "", SECRET)
    box.dispatcher.apps[1] = app
    installation = box.install(1, NAME)
    where = {"id": repo.id, "full_name": NAME, "default_branch": "main"}
    body = {
        "action": "synchronize",
        "number": number,
        "pull_request": {"number": number, "padding": "x" * 20_000},
        "repository": where,
        "installation": {"id": installation},
        "sender": {"login": "safety-lead", "id": 1, "type": "User"},
    }
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return pem, json.dumps(body).encode()


def resident(process: int) -> float:
    """Megabytes."""
    line = next(each for each in Path(f"/proc/{process}/status").read_text().splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def taken(data: Path) -> tuple[int, int]:
    """Deliveries in the inbox, and how many of them were read."""
    with psycopg.connect(f"postgresql://postgres:@/postgres?host={data / 'postgres'}") as connection:
        row = connection.execute("select count(*), count(done_at) from reassay_inbox").fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def send(port: int, body: Path, signature: str) -> None:
    arguments = [str(body), signature, "/webhook", str(uuid.uuid4())[:23]]
    wrk = ["wrk", "--threads", "1", "--connections", "16", "--duration", "2s", "--timeout", "30s"]
    command = [*wrk, "--script", str(HERE / "post.lua"), f"http://127.0.0.1:{port}", "--", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def main() -> int:
    reason = missing()
    if "wrk" in reason:
        print(f"skipped: {reason}")
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, Sandbox.start() as box:
        pem, payload = stage(box)
        body, data, port = Path(name) / "payload.json", Path(name) / "data", free_port()
        body.write_bytes(payload)
        signature = hmac.new(SECRET.encode(), payload, hashlib.sha256).hexdigest()
        environment = {
            "PATH": os.environ["PATH"], "HOME": name, "PYTHONPATH": str(ROOT / "bot"),
            "REASSAY_DATA_DIR": str(data), "REASSAY_PORT": str(port), "REASSAY_WRITE_PAUSE": "0",
            "REASSAY_GITHUB_URL": box.url, "REASSAY_APP_ID": "1", "REASSAY_APP_KEY": pem,
            "REASSAY_WEBHOOK_SECRET": SECRET, "REASSAY_APP_SLUG": "reassay",
        }  # fmt: skip
        command = [*PRODUCT, "serve", "--quiet"]
        with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                process.stdout.readline()
                report(process.pid, data, lambda: send(port, body, signature), count)
            finally:
                process.terminate()
                process.wait(60)
    return 0


def report(process: int, data: Path, deliver: Callable[[], None], count: int) -> None:
    print(f"{'deliveries':>12}{'read':>12}{'resident MB':>14}")
    print(f"{0:>12,}{0:>12,}{resident(process):>14.1f}", flush=True)
    shown = 0
    while shown < count:
        deliver()
        came, read = taken(data)
        if came >= shown + count // STEPS or came >= count:
            shown = came
            print(f"{came:>12,}{read:>12,}{resident(process):>14.1f}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
