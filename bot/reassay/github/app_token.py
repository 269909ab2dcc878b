"""A token of one's own App for one repository: asked for with the least permissions, and never kept."""

from reassay.common.errors import NotFoundError, RejectedError, UsageError
from reassay.github.client import Client

PERMISSIONS = {"metadata": "read", "contents": "write", "issues": "write", "pull_requests": "write", "checks": "write"}
"""What every run needs; `members: read` beside it where the App has it, for roles that name teams."""


WITH_TEAMS = {**PERMISSIONS, "members": "read"}
LOOKS = {"metadata": "read", "contents": "read", "issues": "read", "pull_requests": "read"}
"""What a look at many repositories needs: it reads, and nothing else."""


READS = dict.fromkeys(PERMISSIONS, "read")
READS_WITH_TEAMS = {**READS, "members": "read"}
"""What it takes to say how one repository stands: a run without its writes."""
ASKED = (WITH_TEAMS, READS_WITH_TEAMS, LOOKS)
"""Every kind of token that is ever asked for."""


def installation_token(app_id: int, key: str, repository: str, api_url: str) -> str:
    """Good for an hour. Raises UsageError if the App is not installed there or may too little; UpstreamError."""
    try:
        client = Client.as_app(app_id, key, api_url)
    except ValueError as error:
        message = "the App's private key cannot be read."
        raise UsageError(message, where="app-key", remedy="Give the whole PEM file that GitHub made.") from error
    try:
        return _ask(client, app_id, repository)
    finally:
        client.close()


def _ask(client: Client, app_id: int, repository: str) -> str:
    name = repository.partition("/")[2]
    try:
        number = int(client.rest("GET", f"/repos/{repository}/installation")["id"])
    except NotFoundError as error:
        message = f"App {app_id} is not installed on {repository}."
        raise UsageError(
            message, where="app-id", remedy="Install it on the repository, in the App's settings."
        ) from error
    path = f"/app/installations/{number}/access_tokens"
    for permissions in (WITH_TEAMS, PERMISSIONS):
        try:
            return str(client.rest("POST", path, {"repositories": [name], "permissions": permissions})["token"])
        except RejectedError:
            continue
    wanted = ", ".join(f"{name}: {level}" for name, level in PERMISSIONS.items())
    raise UsageError(
        f"App {app_id} may too little.", where="app-id", remedy=f"Give it {wanted}, and accept the change."
    )
