"""`repository_dispatch` events: what one repository's workflow tells another one's.

https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event
"""

from collections.abc import Mapping

from reassay.github.client import Client


def send_dispatch(client: Client, repository: str, event_type: str, payload: Mapping[str, object]) -> None:
    """Sends an event to a repository. It takes a token with `contents: write` there. Raises the errors of the client."""
    client.write("POST", f"/repos/{repository}/dispatches", {"event_type": event_type, "client_payload": dict(payload)})
