"""The App reads a product where it is installed on it and the product agrees, and never another account's."""

import pytest

from reassay.cli.remote import remote_ports
from reassay.cli.settings import GitHubSettings
from reassay.ledger.signals import DeploymentObserved
from tests.hosted.hosted_lab import FIRST, HostedLab
from tests.lab import PERMISSIONS, BoxClock
from tests.sweep.test_drift_story import REGISTER

PRODUCT, FOREIGN = "example-lab/product", "other-lab/product"
CONSENT = ".github/reassay-observed.yml"
AGREED = f"frameworks: [{FIRST}]\n".encode()
WIDER = b"inputs: [text, img]\n"


def declared(hosted: HostedLab, product: str) -> None:
    text = REGISTER.replace(PRODUCT.encode(), product.encode())
    hosted.box.repo(FIRST).commit({"framework/mitigations.yml": text}, message="observe", author="safety-lead")


def swept(hosted: HostedLab) -> list[DeploymentObserved]:
    """What the ledger has observed after a round of the App."""
    hosted.hours(24)
    hosted.round()
    token = hosted.box.token("safety-lead", FIRST, permissions=PERMISSIONS)
    settings = GitHubSettings(token=token, api_url=hosted.box.api_url, server_url=hosted.box.url)
    with remote_ports(FIRST, settings, BoxClock(hosted.box)) as ports:
        entries = ports.contents.read().ledger.entries
    return [entry.body for entry in entries if isinstance(entry.body, DeploymentObserved)]


@pytest.mark.long
def test_a_product_of_the_same_account_is_read_once_it_agrees(hosted: HostedLab) -> None:
    product = hosted.add(PRODUCT, {"app/config.yaml": WIDER})
    hosted.box.install(hosted.app_id, PRODUCT)
    declared(hosted, PRODUCT)
    (record,) = swept(hosted)
    assert record.fields == {}
    assert f"its {CONSENT} does not list {FIRST} under 'frameworks'" in record.unread["modalities_in"]
    product.commit({CONSENT: AGREED}, message="agree", author="safety-lead")
    assert swept(hosted)[-1].fields == {"modalities_in": ["image", "text"]}
    (issue,) = hosted.box.repo(FIRST).issues()
    assert issue.state == "open"


@pytest.mark.long
def test_another_accounts_product_is_not_read_even_if_it_agrees_and_has_the_app(hosted: HostedLab) -> None:
    hosted.add(FOREIGN, {"app/config.yaml": WIDER, CONSENT: AGREED})
    hosted.box.install(hosted.app_id, FOREIGN)
    declared(hosted, FOREIGN)
    (record,) = swept(hosted)
    assert (record.commit, record.fields) == ("", {})
    assert "does not exist, or the token may not read it" in record.unread["modalities_in"]
