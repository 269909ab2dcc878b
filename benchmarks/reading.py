"""Registers to read: many files of one mitigation each, written as the examples write them."""

import json
from collections.abc import Callable
from pathlib import Path

import yaml

from reassay.register.mitigation import Mitigation

FILES = 10_000
PROSE = (
    "answer attack bank case caution change check classifier content conversation danger effort evidence expert failure "
    "gate harm hour input judge kind language limit means model month mistake monitor output person policy prompt "
    "question reason record reply report request review risk rule sample share signal source step system team tenth test "
    "threshold tool trial use user view way week word work year"
)
WORDS = PROSE.split()
PLAIN = """\
id: safeguard-{n}
title: Safeguard {n} stops {a} before it reaches {b}
description: >-
  {long}
  {longer}
version: {version}
owner: safety
assessor: red-team
every: {months} months
last_assessed: 2026-{month:02}-11
layer: system
lifecycle_stage: deploy
taxonomy:
  - {{scheme: MIT-v2, code: "2.{m}", label: Engineering & Development}}
  - {{scheme: MIT-v2, code: "2.3.{m}", label: Access & Security Controls}}
standards:
  - {{catalogue: NIST-800-53, control: AC-{m}}}
target:
  statement: {sentence}
  actor: Anybody who can place text where {a} meets {b}
  resources: 1000 GBP, two weeks
  criteria:
    - kind: rate
      name: {a} that passes
      at_most: 0.0{m}
      margin: 0.005
      undesired: attack_success
assumptions:
  - {sentence}
  - {other}
invalidation_conditions:
  - text: {other}
    watch: published-{a}
  - text: {sentence}
checklist:
  - id: languages
    text: {question}
    evidence: true
"""


def mitigation(number: int) -> str:
    """About 1.4 KB, of which no two are alike."""

    def words(count: int, salt: int) -> str:
        return " ".join(WORDS[(number * 31 + salt * 17 + step * (step + salt)) % len(WORDS)] for step in range(count))

    return PLAIN.format(
        n=number,
        m=1 + number % 9,
        a=words(1, 1),
        b=words(1, 2),
        version=1 + number % 7,
        months=1 + number % 12,
        month=1 + number % 9,
        long=words(15, 3).capitalize(),
        longer=words(13, 4) + ".",
        sentence=words(11, 5).capitalize() + ".",
        other=words(12, 6).capitalize() + ".",
        question=words(11, 7).capitalize() + "?",
    )


def dumped(number: int) -> str:
    """Six keys and much prose, as a YAML library writes it."""
    return yaml.safe_dump(
        {
            "id": f"safeguard-{number}",
            "title": f"Safeguard {number}",
            "description": "A sentence of prose, and no structure to speak of. " * 24,
            "owner": "safety",
            "assessor": "red-team",
            "every": "6 months",
        }
    )


def write(folder: Path, text_of: Callable[[int], str], files: int = FILES) -> Path:
    place = folder / "framework" / "mitigations"
    place.mkdir(parents=True)
    for number in range(files):
        (place / f"m{number}.yml").write_text(text_of(number), encoding="utf-8")
    return folder


def peer(folder: Path) -> None:
    """What reading costs without places, without findings and without checks across files."""
    for file in sorted((folder / "framework").rglob("*.yml")):
        data = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
        Mitigation.model_validate_json(json.dumps(data, default=str))
