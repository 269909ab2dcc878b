"""What an operator declares: read strictly, and never said."""

import json
from pathlib import Path

import pytest

from reassay.common.errors import UsageError
from reassay.signals.fetching.fetch_settings import HostPort, SourceSecret, read_fetch_settings

VALUE = "hunter2-very-secret"
DECLARED = json.dumps(
    {"PROMETHEUS": {"host": "Prometheus.Example.org.", "value": VALUE, "repositories": ["example-lab/framework"]}}
)


def test_a_secret_is_for_one_host_and_never_shown() -> None:
    settings = read_fetch_settings({"REASSAY_SOURCE_SECRETS": DECLARED}, "app")
    place, own = HostPort("prometheus.example.org", 443), frozenset({"example-lab/framework"})
    assert settings.secrets == {"PROMETHEUS": SourceSecret(place, VALUE, own)}
    assert VALUE not in repr(settings) + str(settings)
    assert settings.hosts == frozenset()


def test_in_the_action_the_host_of_a_secret_may_be_private_and_in_the_app_it_has_to_be_named() -> None:
    private = HostPort("prometheus.example.org", 443)
    assert read_fetch_settings({"REASSAY_SOURCE_SECRETS": DECLARED}, "action").hosts == {private}
    named = {"REASSAY_SOURCE_SECRETS": DECLARED, "REASSAY_SOURCE_HOSTS": "prometheus.example.org"}
    assert read_fetch_settings(named, "app").hosts == {private}


def test_secrets_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(DECLARED)
    file.chmod(0o644)
    with pytest.raises(UsageError, match=r"can be read by others\. Run `chmod 600"):
        read_fetch_settings({"REASSAY_SOURCE_SECRETS_FILE": str(file)}, "app")
    file.chmod(0o600)
    assert set(read_fetch_settings({"REASSAY_SOURCE_SECRETS_FILE": str(file)}, "app").secrets) == {"PROMETHEUS"}
    with pytest.raises(UsageError, match=r"cannot be read \(No such file"):
        read_fetch_settings({"REASSAY_SOURCE_SECRETS_FILE": str(tmp_path / "none.json")}, "app")
    with pytest.raises(UsageError, match="declared twice"):
        read_fetch_settings({"REASSAY_SOURCE_SECRETS_FILE": str(file), "REASSAY_SOURCE_SECRETS": DECLARED}, "app")


def test_a_secret_may_be_for_some_repositories() -> None:
    declared = {"A": {"host": "a.example.org", "value": VALUE, "repositories": ["Example-Lab/Framework"]}}
    secret = read_fetch_settings({"REASSAY_SOURCE_SECRETS": json.dumps(declared)}, "app").secrets["A"]
    assert secret.is_for("example-lab/framework")
    assert not secret.is_for("other-lab/framework")


def test_in_the_app_no_secret_is_for_the_registers_of_everybody() -> None:
    environment = {"REASSAY_SOURCE_SECRETS": json.dumps({"A": {"host": "a.example.org", "value": VALUE}})}
    with pytest.raises(UsageError, match="the secret A does not say whose registers may use it") as refusal:
        read_fetch_settings(environment, "app")
    assert VALUE not in str(refusal.value)
    assert read_fetch_settings(environment, "action").secrets["A"].is_for("example-lab/framework")


@pytest.mark.parametrize(
    "text",
    [
        VALUE,
        json.dumps([VALUE]),
        json.dumps({"lower": {"host": "a.example.org", "value": VALUE}}),
        json.dumps({"A": VALUE}),
        json.dumps({"A": {"host": "a.example.org"}}),
        json.dumps({"A": {"host": "a.example.org", "value": f"{VALUE}\nX-Other: 1"}}),
        json.dumps({"A": {"host": "a.example.org", "value": f"{VALUE} and more"}}),
        json.dumps({"A": {"host": "a.example.org", "value": "short"}}),
        json.dumps({"A": {"host": f"https://a.example.org/{VALUE}", "value": VALUE}}),
        json.dumps({"A": {"host": "*.example.org", "value": VALUE}}),
        json.dumps({"A": {"host": "a.example.org:99999", "value": VALUE}}),
        json.dumps({"A": {"host": "a.example.org", "value": VALUE, "path": "/x"}}),
        json.dumps({"A": {"host": "a.example.org", "value": VALUE, "repositories": "all"}}),
        json.dumps({"A": {"host": "a.example.org", "value": VALUE, "repositories": [1]}}),
        "[" * 100_000,
    ],
)
def test_what_is_not_declared_as_it_should_be_is_refused_without_a_word_of_it(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read_fetch_settings({"REASSAY_SOURCE_SECRETS": text}, "app")
    error: BaseException | None = refusal.value
    assert "REASSAY_SOURCE_SECRETS" in str(error)
    while error is not None:
        assert VALUE not in repr(error) + str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_hosts_are_listed_with_their_ports() -> None:
    text = "prometheus.internal, http://10.0.0.5:9090 https://[fd00::1]:8443/"
    settings = read_fetch_settings({"REASSAY_SOURCE_HOSTS": text}, "app")
    plain = HostPort("10.0.0.5", 9090)
    assert settings.hosts == {HostPort("prometheus.internal", 443), plain, HostPort("fd00::1", 8443)}
    assert settings.plain_hosts == {plain}


@pytest.mark.parametrize(
    "text", ["*", "*.example.org", "a.example.org/path", "user@a.example.org", "a.example.org:x", "ftp://a"]
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"REASSAY_SOURCE_HOSTS: .* is not a host"):
        read_fetch_settings({"REASSAY_SOURCE_HOSTS": text}, "app")


def test_nothing_declared_is_nothing_allowed() -> None:
    settings = read_fetch_settings({}, "action")
    assert (settings.secrets, settings.hosts, settings.plain_hosts) == ({}, frozenset(), frozenset())
