"""Teams of an organisation with their members, for roles that name teams."""

from dataclasses import dataclass

from reassay.common.errors import NotAllowedError, NotFoundError
from reassay.github.client import Client
from reassay.github.queries import TEAM
from reassay.people.account import Account


@dataclass(frozen=True, slots=True)
class Team:
    """A team: its id, which a renamed team keeps, and its members."""

    id: int
    members: tuple[Account, ...]


def read_team(client: Client, name: str) -> Team | None:
    """A team with its members; None if it does not exist or may not be read, so that it gives nobody a role."""
    organisation, _, team = name.partition("/")
    members: list[Account] = []
    after: str | None = None
    while True:
        try:
            data = client.read_graphql(TEAM, {"organisation": organisation, "team": team, "after": after})
        except (NotAllowedError, NotFoundError):
            return None
        content = (data["organization"] or {}).get("team")
        if not content:
            return None
        members += [Account(str(node["login"]), node["databaseId"]) for node in content["members"]["nodes"]]
        page = content["members"]["pageInfo"]
        if not page["hasNextPage"]:
            return Team(int(content["databaseId"]), tuple(members))
        after = page["endCursor"]
