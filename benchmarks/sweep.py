"""A sweep that finds nothing to do, and one pull request event: requests counted, processor time beside `status`."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes

from benchmarks.common import PRODUCT, ROUNDS, Row, loosened, processor_seconds, quickest, ratio, register, repository
from reassay_sandbox import Sandbox
from reassay_sandbox.traffic import Exchange

NAME = "example-lab/framework"
RIGHTS = {"issues": "write", "contents": "write", "pull_requests": "write", "checks": "write", "metadata": "read"}


@contextmanager
def github(files: Mapping[str, str], *, pull: bool) -> Iterator[tuple[Sandbox, dict[str, str]]]:
    """A local GitHub with this register, and what the Action gets from a workflow. `pull`: a pull request changes three files."""
    with Sandbox.start() as box:
        for login in ("safety-lead", "red-team-lead"):
            box.add_user(login)
        box.add_bot("reassay")
        contents = {name: text.encode() for name, text in files.items()}
        repo = box.add_repo(NAME, files=contents, collaborators={"safety-lead": "write", "red-team-lead": "write"})
        if pull:
            changed: dict[str, bytes | None] = {name: text.encode() for name, text in loosened(files).items()}
            repo.commit(changed, "Three mitigations, due later", "safety-lead", "change")
            repo.open_pull_as("safety-lead", "change")
        environment = {
            "GITHUB_TOKEN": box.token("reassay[bot]", NAME, permissions=RIGHTS),
            "GITHUB_REPOSITORY": NAME,
            "GITHUB_API_URL": box.api_url,
            "GITHUB_SERVER_URL": box.url,
            "REASSAY_LEDGER_KEY": b64encode(token_bytes(32)).decode(),
            "REASSAY_WRITE_PAUSE": "0",
        }
        yield box, environment
        if box.complaints:
            raise RuntimeError(str(box.complaints))


def requests(traffic: Sequence[Exchange]) -> str:
    """How many of the API, and how many of git."""
    git = sum(exchange.operation.startswith("GIT") for exchange in traffic)
    return f"{len(traffic) - git} API requests, {git} git requests"


def rows(folder: Path, sizes: Sequence[int]) -> list[Row]:
    """Two of time, two of counts."""
    count = sizes[len(sizes) // 2]
    files = register(count)
    place = str(repository(folder, count))
    status = quickest({"status": [*PRODUCT, "status", place]})["status"]
    sweeping = [*PRODUCT, "sweep", "--repo", NAME]
    with github(files, pull=False) as (box, environment):
        for _ in range(2):  # the first ones record what there is to record
            processor_seconds(sweeping, more=environment)
        swept, sweep_traffic = _measured(box, sweeping, environment)
    with github(files, pull=True) as (box, environment):
        event = folder / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": box.repo(NAME).pulls()[0].number}}), encoding="utf-8")
        acting = {**environment, "GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_EVENT_PATH": str(event)}
        processor_seconds(sweeping, more=environment)
        box.repo(NAME).commit({"README.md": b"Words.\n"}, "A push", "safety-lead", "change")
        judged, pull_traffic = _measured(box, [*PRODUCT, "action"], acting)
    peer = "status, same register"
    return [
        Row(f"sweep with nothing to do, {count:,} mitigations", ratio(swept, status), peer, "<= 1.5 x"),
        Row("... its requests", requests(sweep_traffic), "counted", "2 + open/50 API, 2 git"),
        Row(f"one pull request event, {count:,} mitigations", ratio(judged, status), peer, "-"),
        Row("... its requests", requests(pull_traffic), "counted", "<= 3 API"),
    ]


def _measured(box: Sandbox, command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, Sequence[Exchange]]:
    """The least of several rounds, and the requests of the first."""
    before = len(box.traffic)
    times = [processor_seconds(command, more=environment)]
    traffic = box.traffic[before:]
    times += [processor_seconds(command, more=environment) for _ in range(ROUNDS - 1)]
    return min(times), traffic
