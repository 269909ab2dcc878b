"""The grammar of `/reassay evidence`: where the evidence is, its kind, and what is declared about a result file."""

import pytest

from reassay.commands.base import BadCommandError
from reassay.commands.evidence import parse
from reassay.commands.evidence_source import EvidenceSource
from reassay.commands.result_declaration import ResultDeclaration

COMMIT = "a" * 40


@pytest.mark.parametrize(
    ("words", "source", "kind"),
    [
        ("reports/a.json", EvidenceSource("reports/a.json"), ""),
        (f"reports/a.json@{COMMIT} result", EvidenceSource("reports/a.json", commit=COMMIT), "result"),
        ("reports/a%20b%C3%BC.json", EvidenceSource("reports/a bü.json"), ""),
        ("`reports/a.json` result", EvidenceSource("reports/a.json"), "result"),
        ("artifact:77/evaluation", EvidenceSource("artifact:77/evaluation"), ""),
        ("artifact:77/my%20run/logs/a.json result", EvidenceSource("artifact:77/my%20run/logs/a.json"), "result"),
        ("ARTIFACT:077/evaluation", EvidenceSource("artifact:77/evaluation"), ""),
        ("release:v1/rc1/a.json", EvidenceSource("release:v1/rc1/a.json"), ""),
        (f"sealed:vault/7 sha256:{'ab' * 32}", EvidenceSource("vault/7", f"sha256:{'ab' * 32}"), "attested"),
    ],
)
def test_a_location_is_read(words: str, source: EvidenceSource, kind: str) -> None:
    read = parse(f"{words} because x")
    assert (read.source, read.kind) == (source, kind)


@pytest.mark.parametrize(
    "words",
    [
        "a.json result arm unprotected trained-on no languages en,de deployments app,api for attack success rate",
        "a.json result for attack success rate arm unprotected trained-on no languages en,de deployments app,api",
        "a.json result trained-on no arm unprotected for attack success rate deployments app,api languages en,de",
        "a.json result arm unprotected trained-on no languages en,de deployments app,api for 'attack success rate'",
    ],
)
def test_what_is_declared_stands_before_or_after_the_criterion_in_any_order(words: str) -> None:
    read = parse(f"{words} because arm and languages for everybody")
    assert read.criterion == "attack success rate"
    assert read.declared == ResultDeclaration("unprotected", "no", ("en", "de"), ("app", "api"))
    assert read.because == "arm and languages for everybody"


@pytest.mark.parametrize("mark", ["'", '"', "`"])
@pytest.mark.parametrize(
    "name", ["harm for others because of a robot arm control", "refused languages en", "for because"]
)
def test_a_criterion_in_quotes_may_hold_any_word_of_the_command(name: str, mark: str) -> None:
    read = parse(f"a.json result trained-on no for {mark}{name}{mark} languages en because x for 'y' because z")
    assert read.criterion == name
    assert (read.declared.trained_on, read.declared.languages) == ("no", ("en",))
    assert read.because == "x for 'y' because z"


@pytest.mark.parametrize("words", ["%2E%2E/a.json", "%2Fetc/passwd", "a%0Ab.json", "a%5Cb.json", "a%E2%80%AEb.json"])
def test_an_encoded_path_stays_in_the_repository_and_in_one_line(words: str) -> None:
    with pytest.raises(BadCommandError, match="is not a path in this repository"):
        parse(f"{words} because x")


def test_nothing_is_declared_by_default() -> None:
    assert parse("a.json because x").declared == ResultDeclaration("measured", "unknown", (), ())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("a.json result trained-on maybe", "`maybe` is not a valid word after `trained-on`"),
        (
            "a.json result languages en, de",
            "`languages en, de` is not valid here; write declarations as `trained-on no` or",
        ),
        ("a.json result arm none", "`none` is not a valid arm"),
        ("a.json result arm measured arm measured", "`arm` is given twice"),
        ("a.json result languages en,d/e", "`d/e` is not a language"),
        ("a.json result deployments App", "`App` is not the id of a deployment"),
        ("a.json census 1/2 trained-on no", "`trained-on` is valid only for result files, not for census evidence"),
        ("trained-on no attested", "`no` is not a valid kind of evidence"),
        (f"sealed:vault/7 sha256:{'ab' * 32} result", "sealed content cannot be read"),
        ("artifact:77 result", "is not a workflow's artifact"),
        ("release:v1", "is not an asset of a release"),
        ("release:v1/a.json judgement", "are read as results only"),
        ("/etc/passwd result", "is not a path in this repository"),
        ("../a.json result", "is not a path in this repository"),
        ("a.json result 3/400", "`3/400` is not valid here"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write_instead(words: str, why: str) -> None:
    with pytest.raises(BadCommandError) as caught:
        parse(f"{words} because x")
    assert why in str(caught.value)
