"""What the hosted App runs with is judged before anything starts, and what is secret shows nowhere."""

from pathlib import Path

import pytest

from reassay.common.errors import UsageError
from reassay.hosted.settings import HostingSettings, read_hosting

APP = {"REASSAY_APP_ID": "7", "REASSAY_APP_KEY": "the-key", "REASSAY_WEBHOOK_SECRET": "the-secret"}
HOME = {"HOME": "/home/somebody"}


def read(environment: dict[str, str] | None = None, **options: str) -> HostingSettings:
    return read_hosting(
        {**HOME, **(environment or {})}, {name.replace("_", "-"): each for name, each in options.items()}
    )


def test_nothing_needs_to_be_configured() -> None:
    found = read()
    assert found.data == Path("/home/somebody/.local/share/reassay")
    assert (found.host, found.port, found.base_url) == ("127.0.0.1", 8321, "http://127.0.0.1:8321")
    assert (found.app, found.database_url) == (None, "")


def test_an_option_goes_before_its_variable_and_a_file_before_a_plain_variable(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://a:b@host/name\n")
    environment = {"REASSAY_PORT": "1", "REASSAY_DATABASE_URL": "x", "REASSAY_DATABASE_URL_FILE": str(secret)}
    assert read(environment, port="2").port == 2
    assert read(environment).port == 1
    assert read(environment).database_url == "postgresql://a:b@host/name"


def test_an_enterprise_servers_api_follows_from_its_address() -> None:
    found = read(github_url="https://git.example.com/")
    assert (found.server_url, found.api_url) == ("https://git.example.com", "https://git.example.com/api/v3")


@pytest.mark.parametrize(
    ("environment", "options", "words"),
    [
        ({}, {"port": "eighty"}, "--port: 'eighty' is not a whole number from 0 to 65535"),
        ({}, {"port": "70000"}, "--port"),
        ({}, {"concurrency": "-1"}, "--concurrency"),
        ({}, {"database_url": "mysql://a/b"}, "--database-url: only PostgreSQL is supported"),
        ({}, {"github_url": "git.example.com"}, "is not a valid server address"),
        ({}, {"github_url": "http://git.example.com"}, "unprotected"),
        ({}, {"public_url": "http://reassay.example.com"}, "unprotected"),
        ({}, {"heartbeat_url": "http://alarm.example.com"}, "unprotected"),
        ({"REASSAY_APP_ID": "7"}, {}, "REASSAY_APP_KEY is not set"),
        ({**APP, "REASSAY_APP_ID": "seven"}, {}, "not a number"),
        ({"REASSAY_APP_KEY_FILE": "/nowhere/at/all"}, {}, "REASSAY_APP_KEY_FILE: /nowhere/at/all cannot be read"),
    ],
)
def test_what_cannot_work_is_said_before_anything_starts(
    environment: dict[str, str], options: dict[str, str], words: str
) -> None:
    with pytest.raises(UsageError) as raised:
        read(environment, **options)
    assert words in str(raised.value)
    assert raised.value.remedy


def test_no_secret_shows_in_a_repr() -> None:
    found = read(
        {
            **APP,
            "REASSAY_DATABASE_URL": "postgresql://u:hidden@h/n",
            "REASSAY_LEDGER_KEY": "hidden",
            "REASSAY_CLIENT_SECRET": "hidden",
        }
    )
    assert found.app is not None
    assert not [each for each in ("the-key", "the-secret", "hidden") if each in repr(found)]
