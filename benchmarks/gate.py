"""The verdict on a change of three files, cold, beside reading the whole register. Prints a table, judges nothing.

Ours is the whole command: a new process, git, both sides, the verdict, its text. The peer is a new process that reads
every file of one side with libyaml's loader and pydantic and then stops: no git, no second side, no verdict. Rounds take
turns, and bytecode is there for both, as it is after an installation.

- "3 of 10,000": mitigations of 1.4 KB that name no threat model.
- "sharing": the same with a hundred threat models, each named by a hundred mitigations, so that three hundred are read.
- "growth": our time for 10,000 files as a multiple of that for 1,000.
- "start": our time for a register of ten files, most of which is Python and pydantic being loaded.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.reading import mitigation

ROUNDS = 5
PEER = "import sys; from pathlib import Path; from benchmarks.reading import peer; peer(Path(sys.argv[1]))"
ROOT = Path(__file__).parent.parent


def sharing(number: int) -> str:
    return mitigation(number) + f"threat_models: [threat-{number % 100}]\n"


def plain(number: int) -> str:
    return mitigation(number)


def build(folder: Path, files: int, *, shared: bool) -> Path:
    """A repository whose branch `change` lengthens the interval of three mitigations."""
    made = folder / f"{'sharing' if shared else 'plain'}-{files}"
    (made / ".github").mkdir(parents=True)
    (made / ".github/reassay.yml").write_text(
        "mode: enforce\nroles:\n  safety: {users: [safety-lead]}\n  red-team: {users: [red-team-lead]}\n"
    )
    place = made / "framework/mitigations"
    place.mkdir(parents=True)
    for number in range(files):
        (place / f"m{number}.yml").write_text((sharing if shared else plain)(number), encoding="utf-8")
    if shared:
        threats = made / "framework/threat-models"
        threats.mkdir()
        for number in range(100):
            (threats / f"t{number}.yml").write_text(
                f"id: threat-{number}\ntitle: Threat {number}\nactor: anybody\noutcome: some\n"
            )
    git(made, "init", "--quiet", "--initial-branch=main")
    git(made, "config", "gc.auto", "0")
    commit(made, "A register")
    git(made, "checkout", "--quiet", "-b", "change")
    for number in (1, 2, 3):
        path = place / f"m{number}.yml"
        path.write_text(path.read_text().replace(" months\n", " years\n", 1))
    commit(made, "Three intervals longer")
    git(made, "gc", "--quiet")
    return made


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "--quiet", "-m", message)


def seconds(*arguments: str) -> float:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode in {0, 1}, done.stderr.decode()
    return time.perf_counter() - start


def verdict(folder: Path) -> float:
    return seconds("-m", "reassay", "gate", "--base", "main", "--head", "change", str(folder))


def rows() -> list[tuple[str, float, float]]:
    """What was measured, and the seconds of ours and of the peer."""
    with tempfile.TemporaryDirectory() as name:
        places = {
            "10,000": build(Path(name), 10_000, shared=False),
            "sharing": build(Path(name), 10_000, shared=True),
            "1,000": build(Path(name), 1_000, shared=False),
            "10": build(Path(name), 10, shared=False),
        }
        verdict(places["10"])
        rounds = [
            {
                **{key: verdict(place) for key, place in places.items()},
                "peer": seconds("-c", PEER, str(places["10,000"])),
            }
            for _ in range(ROUNDS)
        ]
    best = {key: min(each[key] for each in rounds) for key in rounds[0]}
    return [
        ("gate, 3 of 10,000 / reading one side", best["10,000"], best["peer"]),
        ("gate, 3 of 10,000, sharing / same", best["sharing"], best["peer"]),
        ("gate, start / same", best["10"], best["peer"]),
        ("gate, growth: 3 of 10,000 / 3 of 1,000", best["10,000"], best["1,000"]),
    ]


def main() -> int:
    print(f"{'what / peer':<52}{'ms':>10}{'peer ms':>10}{'ratio':>8}")
    for what, mine, other in rows():
        print(f"{what:<52}{mine * 1000:>10.1f}{other * 1000:>10.1f}{mine / other:>8.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
