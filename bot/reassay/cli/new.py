"""reassay new."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TextIO

from reassay.cli.command_entry import CliCommand

if TYPE_CHECKING:
    from pathlib import Path

    from reassay.imports.files.new_object_file import NewObjectFile
    from reassay.imports.new_object import ObjectForm
    from reassay.register.register import Register
    from reassay.sweep.repository.checkout import Checkout

_OWN_FLAGS: Final = frozenset({"--help", "-h", "--quiet", "-q", "--dry-run"})
_SET: Final = "--set"
EPILOG = """\
kinds: mitigation, deployment, threat-model, model, commitment, incident, information-item,
risk-acceptance, evidence-item, delegation
every key of the register reference is an option; lists have commas, anything nested is YAML in brackets
on a terminal it asks for what no option gives; nothing that exists is changed, except examples that nobody changed
"""
_UNUSED_ID: Final = "not-named-yet"
"""Id of an object whose id was not asked for yet."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument("kind", metavar="KIND", help="kind of object")
    parser.add_argument(
        "id", nargs="?", metavar="ID", help="its id, never used before; made from the title if left out"
    )
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a checkout of a framework repository (.)")
    parser.set_defaults(reads_repository=True)
    parser.add_argument(_SET, action="append", default=[], metavar="KEY=VALUE", help="same as --KEY VALUE, for any key")
    parser.add_argument("--dry-run", action="store_true", help="print the file instead of writing it")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Adds the object and says where. Raises UsageError if something is missing or wrong; nothing is written then."""
    from pathlib import Path

    from reassay.cli.questions import is_terminal
    from reassay.imports.files.new_object_file import placed
    from reassay.imports.new_object import ObjectForm
    from reassay.sweep.repository.checkout import open_checkout

    del err
    root, form = Path(args.path), ObjectForm.of(args.kind)
    given = _given(args, form)
    checkout = open_checkout(root, None)
    if is_terminal(out):
        given = _asked(form, given, checkout, root, out)
    _refuse_gaps(form, given)
    _refuse_taken(f"{given['id']}", form.kind, checkout)
    file = placed(root, checkout.register, form.kind, form.fields(given))
    if args.dry_run:
        out.write(file.text)
        return 0
    file.write(root)
    for line in _lines(file, form.kind, f"{given['id']}"):
        print(line, file=out)
    return 0


def _given(args: argparse.Namespace, form: "ObjectForm") -> dict[str, object]:
    from reassay.common.errors import UsageError
    from reassay.imports.new_object import proposed_id

    given: dict[str, object] = {"id": args.id} if args.id else {}
    for word in args.set:
        key, _, text = word.partition("=")
        if not text.strip():
            raise UsageError("there is no value.", where=f"--{key}", remedy=f"Write --{key} VALUE.")
        if key in given:
            raise UsageError("two values are given.", where=f"--{key}", remedy="Keep one of them.")
        given[key] = form.value(key, text.strip())
    if "id" not in given and proposed_id(f"{given.get('title', '')}"):
        given["id"] = proposed_id(f"{given['title']}")
    return given


def _asked(
    form: "ObjectForm", given: dict[str, object], checkout: "Checkout", root: "Path", out: TextIO
) -> dict[str, object]:
    """The values, with answers for the keys that were not given: all required ones, and those that are worth a question."""
    from reassay.cli.questions import ask
    from reassay.imports.new_object import proposed_id

    def answered(key: str, question: str, proposal: str = "", *, optional: bool = False) -> None:
        def checked(text: str) -> str:
            _refuse_answer(form, values, (key, form.value(key, text)), checkout, root)
            return text

        if key not in values:
            text = ask(question, proposal, checked, out, optional=optional)
            if text:
                values[key] = form.value(key, text)

    values = dict(given)
    answered("title", "Title")
    answered("id", "Id, never used before", proposed_id(f"{values['title']}"))
    # With every required value given as an option nothing else is worth a question.
    asks_all = bool(form.missing(given))
    for key in form.questions if asks_all else ():
        example = f"; for example {key.example}" if key.example else ""
        question = f"{key.name} ({key.meaning.rstrip('.')}{example}{'' if key.is_required else '; empty: none'})"
        proposal = _only_owner(checkout.register) if key.name == "owner" else ""
        answered(key.name, question, proposal, optional=not key.is_required)
    return values


def _refuse_answer(
    form: "ObjectForm", values: dict[str, object], answer: tuple[str, object], checkout: "Checkout", root: "Path"
) -> None:
    """Raises UsageError for an answer that `check` would find an error in, so that it is asked for again and no other is lost.

    What is not answered yet has its example. Where that alone gives an error, nothing is known about the answer.
    """
    from reassay.common.errors import UsageError
    from reassay.imports.files.new_object_file import placed

    key, value = answer
    if key == "id":
        _refuse_taken(f"{value}", form.kind, checkout)
    examples = {own.name: form.value(own.name, own.example) for own in form.missing(values) if own.example}
    before = {**examples, **values, "id": values.get("id") or _UNUSED_ID}
    try:
        placed(root, checkout.register, form.kind, form.fields({**before, key: value}))
    except UsageError as error:
        try:
            placed(root, checkout.register, form.kind, form.fields(before))
        except UsageError:
            return
        raise UsageError(error.message.removeprefix("nothing was written: "), remedy=error.remedy) from None


def _only_owner(register: "Register") -> str:
    owners = {entry.value.owner for entry in register.subjects.values()}
    return owners.pop() if len(owners) == 1 else ""


def _refuse_gaps(form: "ObjectForm", given: dict[str, object]) -> None:
    from reassay.common.errors import UsageError
    from reassay.common.sentences import names
    from reassay.register.register import in_words

    gaps = form.missing(given)
    if gaps:
        options = " ".join(f"--{key.name.replace('_', '-')} {_shown(key.example)}" for key in gaps)
        message = f"a new {in_words(form.kind)} needs {names(*(key.name for key in gaps))}."
        raise UsageError(message, remedy=f"Add for example: {options}")


def _shown(example: str) -> str:
    """An example as a word of a shell's command line."""
    import shlex

    return shlex.quote(example or "...")


def _refuse_taken(name: str, kind: str, checkout: "Checkout") -> None:
    """Raises UsageError for an id that is in use, was in use, or is that of an example."""
    from reassay.assessment.ended_ids import spent_ids
    from reassay.common.errors import UsageError
    from reassay.register.finding import quoted
    from reassay.register.placeholders import EXAMPLE_IDS
    from reassay.register.register import in_words

    register = checkout.register
    is_subject = kind in {"mitigation", "commitment"}
    kinds = ("mitigation", "commitment") if is_subject else (kind,)
    for other in kinds:
        entry = register.objects(other).get(name)
        if entry is not None:
            at = entry.origin.at("id")
            message = f"there is a {in_words(other)} {quoted(name)} already."
            raise UsageError(message, where=f"{at.path}:{at.line}", remedy="Choose another id, or edit that one.")
        if name in register.broken.get(other, ()):
            message = f"there is a {in_words(other)} {quoted(name)} already, with an error."
            raise UsageError(message, remedy="Run `reassay check`, and choose another id or fix that one.")
    if name in EXAMPLE_IDS.get(kind, ()):
        raise UsageError(f"{quoted(name)} is the id of an example.", where="ID", remedy="Choose an id of your own.")
    if is_subject and name in register.renamed:
        message = f"{quoted(name)} is a former id of {quoted(register.renamed[name])}."
        raise UsageError(message, where="ID", remedy="Choose another id: ids are never reused.")
    if is_subject and name in spent_ids(checkout.assessment_input):
        message = f"{quoted(name)} was the id of something that the ledger has records of."
        raise UsageError(message, where="ID", remedy="Choose another id: ids are never reused.")


def _lines(file: "NewObjectFile", kind: str, name: str) -> list[str]:
    from reassay.cli.check_findings import check_line
    from reassay.common.sentences import names
    from reassay.register.finding import quoted
    from reassay.register.register import in_words

    line = file.after.objects(kind)[name].origin.at("id").line
    lines = [f"wrote  {file.path}:{line} ({in_words(kind)} {quoted(name)})"]
    if file.removed:
        count = "the example" if len(file.removed) == 1 else f"the {len(file.removed)} examples"
        lines.append(f"removed {count} that `reassay init` wrote: {names(*file.removed)}")
    return [*lines, "", check_line(file.after)]


def _with_keys_set(words: Sequence[str]) -> Sequence[str]:
    """The words, with `--every 6m` and `--every=6m` as `--set every=6m`; underscores and hyphens in keys are the same."""
    given = list(words)
    prepared: list[str] = []
    while given:
        word = given.pop(0)
        if not word.startswith("--") or word in _OWN_FLAGS or word == _SET:
            prepared.append(word)
            continue
        key, is_joined, value = word.removeprefix("--").partition("=")
        if not is_joined:
            value = given.pop(0) if given and not given[0].startswith("--") else ""
        prepared.extend((_SET, f"{key.replace('-', '_')}={value}"))
    return prepared


COMMAND = CliCommand(add_arguments, run, EPILOG, _with_keys_set)
