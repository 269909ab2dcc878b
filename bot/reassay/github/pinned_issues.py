"""Pinned issues of a repository, which GitHub shows above its list of issues."""

from dataclasses import dataclass

from reassay.github.client import Client
from reassay.github.odd_answers import writes

PIN_STATE = """
query PinState($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $number) { id isPinned } }
}
"""
PIN = """
mutation Pin($input: PinIssueInput!) {
  pinIssue(input: $input) { issue { id } }
}
"""


@dataclass(frozen=True, slots=True)
class PinnedIssues:
    """Pins issues of one repository."""

    client: Client
    full_name: str

    @writes
    def pin(self, number: int) -> None:
        """Pins an issue, unless it is pinned. Raises UpstreamError where GitHub refuses: it pins three of a repository."""
        owner, _, name = self.full_name.partition("/")
        data = self.client.read_graphql(PIN_STATE, {"owner": owner, "name": name, "number": number})
        issue = data["repository"]["issue"]
        if not issue["isPinned"]:
            self.client.graphql(PIN, {"input": {"issueId": issue["id"]}})
