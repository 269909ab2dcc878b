"""The keys of a run, and the entries about keys that it must record first."""

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
_READ_MORE = "See docs/how-to/sign-the-ledger.md."


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys of a run. Without keys an unsigned ledger stays unsigned, and a signed one cannot be written."""

    signer: "Signer | None" = None
    previous: "Signer | None" = None
    """The previous key, needed until the new one is recorded."""
    lost: str | None = None
    """Id of a lost key; the new key may be added without its signature."""
    revoked: tuple[tuple[str, int], ...] = ()
    """Ids of revoked keys, each with the first seq that is no longer trusted."""

    def due(self, book: KeyBook, last: int) -> tuple[KeyAdded | KeyRevoked, ...]:
        """Entries about keys to record first, after entry `last`. Raises UsageError if this run must not write."""
        if self.signer is None:
            if book.current is None:
                return ()
            message = f"the ledger is signed with key {short(book.current)}, but no key is configured."
            raise UsageError(message, where=KEY, remedy=f"Configure the key. {_READ_MORE}")
        introduction = self._introduction(book, self.signer)
        return (*([introduction] if introduction else []), *self._revocations(book, self.signer, last))

    def _introduction(self, book: KeyBook, signer: "Signer") -> KeyAdded | None:
        if book.current == signer.id:
            return None
        if signer.id in book.keys:
            message = f"key {short(signer.id)} was replaced by key {short(book.current or '')}."
            raise UsageError(message, where=KEY, remedy="Configure the key that is in force.")
        if book.current is None:
            return KeyAdded(public_key=signer.public_key, how="first")
        if self.previous is not None and self.previous.id == book.current:
            return KeyAdded(public_key=signer.public_key, how="rotation")
        if self.lost == book.current:
            return KeyAdded(public_key=signer.public_key, how="recovery")
        message = f"the ledger is signed with key {short(book.current)}, but key {short(signer.id)} is configured."
        remedy = (
            f"To replace the key, set {PREVIOUS}, or {LOST} if it is lost. If you did not change it, find out who did."
        )
        raise UsageError(message, where=KEY, remedy=f"{remedy} {_READ_MORE}")

    def misuse(self, book: KeyBook, last: int) -> UsageError | None:
        """The reason why the settings cannot be carried out, known before anything is recorded; None if they can."""
        if self.signer is None:
            return None
        try:
            self.due(book, last)
        except UsageError as error:
            return error
        return None

    def _revocations(self, book: KeyBook, signer: "Signer", last: int) -> tuple[KeyRevoked, ...]:
        revocations: list[KeyRevoked] = []
        for key, since in self.revoked:
            if key == signer.id:
                remedy = "Rotate to a new key first."
                raise UsageError(f"key {short(key)} is in use.", where=REVOKED, remedy=remedy)
            if key not in book.keys:
                remedy = "`reassay ledger verify` lists the keys."
                raise UsageError(f"the ledger has no key {short(key)}.", where=REVOKED, remedy=remedy)
            if since > last + 1:
                remedy = f"Write the first entry that is not trusted, at most {last + 1}."
                raise UsageError(
                    f"the ledger ends at entry {last}, before entry {since}.", where=REVOKED, remedy=remedy
                )
            revoked_from = book.keys[key].revoked_from
            if revoked_from is None or revoked_from > since:
                revocations.append(KeyRevoked(key=key, revoked_from=since))
        return tuple(revocations)

    def leftovers(self, book: KeyBook) -> tuple[str, ...]:
        """What to say about settings that did their work: left set, they would also accept a ledger that was cut back."""
        if self.signer is None or book.current != self.signer.id:
            return ()
        used = [name for name, value in ((PREVIOUS, self.previous), (LOST, self.lost)) if value is not None]
        return tuple(
            f"key {short(self.signer.id)} is in force: remove {name} at once. While it is set, a run also accepts a ledger"
            " that ends before the new key came in"
            for name in used
        )

    def signer_for(self, body: object) -> "Signer | None":
        """The signer of an entry: a rotation is signed by the previous key, everything else by the key in use."""
        is_rotation = isinstance(body, KeyAdded) and body.how == "rotation"
        return self.previous if is_rotation else self.signer

    def distrust(self, book: KeyBook) -> str | None:
        """The reason why a run with a key must not use this ledger; None if it may."""
        if self.signer is None or book.current is None:
            return None
        mine = {signer.id for signer in (self.signer, self.previous) if signer} | ({self.lost} if self.lost else set())
        if book.current in mine:
            return None
        added = book.keys[book.current].added_by
        return f"entry {added} put key {short(book.current)} in force, but another key is configured"

    def refuse_foreign(self, book: KeyBook) -> None:
        """Raises BrokenLedgerError for a ledger with an unknown key in force."""
        distrust = self.distrust(book)
        if distrust is not None:
            where = entry_path(book.keys[book.current or ""].added_by)
            raise BrokenLedgerError(
                where, distrust, "If you changed the key, configure the new one here. If not, find out who did."
            )


def read_keyring(texts: tuple[str, str], files: tuple[str, str], lost: str = "", revoked: str = "") -> Keyring:
    """The keyring of (key, previous key) as texts and as files, a lost key and revocations. Raises UsageError."""
    signer, previous = (
        _signer(text, file, name) for text, file, name in zip(texts, files, (KEY, PREVIOUS), strict=True)
    )
    if lost and not _KEY_ID.fullmatch(lost):
        raise UsageError("this is not a key id.", where=LOST, remedy="Write sha256: and 64 hexadecimal digits.")
    if signer is None and (previous or lost or revoked):
        remedy = f"Set {KEY} to the key that signs from now on. {_READ_MORE}"
        raise UsageError("a key is to be replaced or revoked, but no new one is configured.", where=KEY, remedy=remedy)
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
    revocations: list[tuple[str, int]] = []
    for word in text.replace(",", " ").split():
        match = _REVOCATION.fullmatch(word)
        if match is None:
            remedy = "Write KEY@SEQ: sha256:<64 digits>@<first entry that is not trusted>."
            raise UsageError("this is not a valid revocation.", where=REVOKED, remedy=remedy)
        revocations.append((match[1], int(match[2])))
    return tuple(revocations)
