"""The keys a run was given, and which entries about keys are due before it can record anything else."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reassay.common.errors import UsageError
from reassay.ledger.keys import KeyAdded, KeyBook, KeyRevoked, short
from reassay.ledger.store.codec import BrokenLedgerError, entry_path

if TYPE_CHECKING:
    from reassay.ledger.store.ed25519 import Signer

KEY, PREVIOUS = "REASSAY_LEDGER_KEY", "REASSAY_LEDGER_PREVIOUS_KEY"
LOST, REVOKED = "REASSAY_LEDGER_LOST_KEY", "REASSAY_LEDGER_REVOKE"
_KEY_ID = re.compile(r"sha256:[0-9a-f]{64}")
_REVOCATION = re.compile(r"(sha256:[0-9a-f]{64})@([1-9][0-9]{0,8})")
_READ_MORE = "docs/how-to/sign-the-ledger.md says how."


@dataclass(frozen=True, slots=True)
class Keyring:
    """What a run may sign with. Empty: the ledger stays unsigned, or cannot be written if it is signed."""

    signer: "Signer | None" = None
    previous: "Signer | None" = None
    """The key before, for as long as the ledger does not know the new one."""
    lost: str | None = None
    """Id of a key that is gone: the new one may come in without its signature."""
    revoked: tuple[tuple[str, int], ...] = ()
    """(key, first seq that is no longer believed)."""

    def due(self, book: KeyBook) -> tuple[KeyAdded | KeyRevoked, ...]:
        """What has to be recorded first. Raises UsageError if this run must not write at all."""
        if self.signer is None:
            if book.current is None:
                return ()
            message = f"the ledger is signed with key {short(book.current)}, and this run has no key."
            raise UsageError(message, where=KEY, remedy=f"Give it the key; {_READ_MORE}")
        introduction = self._introduction(book, self.signer)
        return (*([introduction] if introduction else []), *self._revocations(book, self.signer))

    def _introduction(self, book: KeyBook, signer: "Signer") -> KeyAdded | None:
        if book.current == signer.id:
            return None
        if signer.id in book.keys:
            message = f"key {short(signer.id)} was replaced by key {short(book.current or '')}."
            raise UsageError(message, where=KEY, remedy="Give the run the key that is in force.")
        if book.current is None:
            return KeyAdded(public_key=signer.public_key, how="first")
        if self.previous is not None and self.previous.id == book.current:
            return KeyAdded(public_key=signer.public_key, how="rotation")
        if self.lost == book.current:
            return KeyAdded(public_key=signer.public_key, how="recovery")
        message = f"the ledger is signed with key {short(book.current)}, and this run has key {short(signer.id)}."
        remedy = f"To replace the key set {PREVIOUS}; if it is gone, {LOST}. If nobody here replaced it, look who did."
        raise UsageError(message, where=KEY, remedy=f"{remedy} {_READ_MORE}")

    def _revocations(self, book: KeyBook, signer: "Signer") -> tuple[KeyRevoked, ...]:
        found: list[KeyRevoked] = []
        for key, since in self.revoked:
            if key == signer.id:
                remedy = "Rotate to a new key first."
                raise UsageError(f"key {short(key)} is the one in use.", where=REVOKED, remedy=remedy)
            if key not in book.keys:
                remedy = "`reassay ledger verify` lists the keys there are."
                raise UsageError(f"the ledger knows no key {short(key)}.", where=REVOKED, remedy=remedy)
            known = book.keys[key].revoked_from
            if known is None or known > since:
                found.append(KeyRevoked(key=key, revoked_from=since))
        return tuple(found)

    def signer_for(self, body: object) -> "Signer | None":
        """Who signs an entry: its successor is named by the key before, everything else is signed by the key in use."""
        is_rotation = isinstance(body, KeyAdded) and body.how == "rotation"
        return self.previous if is_rotation else self.signer

    def distrust(self, book: KeyBook) -> str | None:
        """Why this run, which has a key of its own, must not go by this ledger; None if it may."""
        if self.signer is None or book.current is None:
            return None
        mine = {each.id for each in (self.signer, self.previous) if each} | ({self.lost} if self.lost else set())
        if book.current in mine:
            return None
        added = book.keys[book.current].added_by
        return f"entry {added} made key {short(book.current)} the one in force, and this run has another"

    def refuse_foreign(self, book: KeyBook) -> None:
        """Raises BrokenLedgerError for a ledger that somebody else took over."""
        distrust = self.distrust(book)
        if distrust is not None:
            where = entry_path(book.keys[book.current or ""].added_by)
            raise BrokenLedgerError(where, distrust, "If it was you, give the run that key; if not, look who it was.")


def read_keyring(texts: tuple[str, str], files: tuple[str, str], lost: str = "", revoked: str = "") -> Keyring:
    """From the texts of the environment: (key, previous key), the same as files, and two settings. Raises UsageError."""
    signer, previous = (
        _signer(text, file, name) for text, file, name in zip(texts, files, (KEY, PREVIOUS), strict=True)
    )
    if lost and not _KEY_ID.fullmatch(lost):
        raise UsageError("this is no key id.", where=LOST, remedy="Write sha256: and 64 digits.")
    if signer is None and (previous or lost or revoked):
        remedy = f"Set {KEY} to the key that signs from now on. {_READ_MORE}"
        raise UsageError("a key is to be replaced or revoked, and there is no new one.", where=KEY, remedy=remedy)
    return Keyring(signer, previous, lost or None, _revocations(revoked))


def _signer(text: str, file: str, name: str) -> "Signer | None":
    if not text.strip() and not file.strip():
        return None
    from reassay.ledger.store.ed25519 import read_signer, read_signer_file  # noqa: PLC0415 -- only runs with a key pay for it

    if text.strip() and file.strip():
        raise UsageError(f"{name} and {name}_FILE are both set.", where=name, remedy="Set one of them.")
    if file.strip():
        return read_signer_file(Path(file.strip()), f"{name}_FILE")
    return read_signer(text, name)


def _revocations(text: str) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    for word in text.replace(",", " ").split():
        match = _REVOCATION.fullmatch(word)
        if match is None:
            remedy = "Write KEY@SEQ: sha256:<64 digits>@<first entry not to be believed>."
            raise UsageError("this revokes nothing.", where=REVOKED, remedy=remedy)
        found.append((match[1], int(match[2])))
    return tuple(found)
