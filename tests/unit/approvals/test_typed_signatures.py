"""Where signatures are counted and made, every attribute is one that the type checker knows."""

import ast
from pathlib import Path

import reassay.approvals

FILES = sorted(Path(next(iter(reassay.approvals.__path__))).rglob("*.py"))


def test_no_attribute_is_read_by_a_name_that_is_computed() -> None:
    calls = [
        f"{file.name}:{call.lineno}"
        for file in FILES
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"getattr", "setattr"}
    ]
    assert len(FILES) > 10
    assert calls == []
