"""The writer of a ledger on GitHub.

GraphQL's `createCommitOnBranch` fails if the branch has moved; the first commit is created with REST.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reassay.common.errors import UsageError
from reassay.git.git import LEDGER_BRANCH
from reassay.github.branch_files import begin_branch
from reassay.github.client import Client
from reassay.github.odd_answers import writes
from reassay.github.queries import APPEND
from reassay.ledger.state import Append, LedgerState, entries_for
from reassay.ledger.store.branch import additions, with_keys
from reassay.ledger.store.keyring import Keyring


@dataclass(frozen=True, slots=True)
class GitHubLedger:
    """The ledger branch of a repository, the `LedgerWriter` of the sweep."""

    client: Client
    full_name: str
    keyring: Keyring = field(default_factory=Keyring)

    def append(self, append: Append) -> LedgerState:
        """Appends all records with one commit, and returns the new state.

        Raises StaleHeadError if the branch has moved since it was read, and UsageError if a signed ledger lacks its key.
        """
        if append.policy.mode != "remind" and append.state.book.current is None and self.keyring.signer is None:
            raise UsageError(
                f"mode '{append.policy.mode}' needs a key for the ledger, and this run has none.",
                remedy="Create a key with `reassay ledger new-key` and give it to the run, or set `mode: remind`.",
            )
        records = with_keys(append.records, append.state, self.keyring)
        entries = entries_for(
            records, len(append.state.entries), append.identity, append.base, append.at, append.policy
        )
        files, state = additions(append.state, entries, append.objects, self.keyring)
        if not files:
            return append.state
        if append.state.head is None:
            return replace(state, head=self._genesis(files, append.summary))
        variables = {
            "input": {
                "branch": {"repositoryNameWithOwner": self.full_name, "branchName": LEDGER_BRANCH},
                "expectedHeadOid": append.state.head,
                "message": {"headline": append.summary},
                "fileChanges": {
                    "additions": [
                        {"path": path, "contents": base64.b64encode(data).decode()} for path, data in files.items()
                    ]
                },
            }
        }
        return replace(state, head=self._commit(variables))

    @writes
    def _commit(self, variables: Mapping[str, object]) -> str:
        """The commit that was added to the branch."""
        return str(self.client.graphql(APPEND, variables)["createCommitOnBranch"]["commit"]["oid"])

    @writes
    def _genesis(self, files: Mapping[str, bytes], summary: str) -> str:
        """Creates the first commit and its branch."""
        return begin_branch(self.client, self.full_name, LEDGER_BRANCH, files, summary)
