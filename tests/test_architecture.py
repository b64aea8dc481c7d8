"""The house holds: who may import whom, which library is used where, how large a module may be (ARCHITECTURE.md)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "cart_fhir"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "data" not in path.parts)

# room -> the rooms it may import; errors, issues and plugins are open to everyone
ARROWS = {
    "errors": set(),
    "issues": set(),
    "plugins": set(),
    "formats": {"fhirpath"},
    "fhirpath": set(),
    "definitions": {"formats", "fhirpath"},
    "validator": {"definitions", "fhirpath", "formats"},
    "profiles": {"definitions", "formats"},
    "search": {"definitions", "fhirpath", "formats"},
    "mappers": {"profiles", "definitions", "formats", "fhirpath"},
    "store": {"search", "definitions", "formats"},
    "pipeline": {"mappers", "validator", "store", "definitions", "formats"},
    "server": {"pipeline", "validator", "store", "search", "profiles", "definitions", "formats", "fhirpath", "mappers"},
    "synth": {"profiles", "mappers", "definitions", "formats"},
    "web": {"server", "definitions", "profiles", "formats", "store", "search", "validator"},
    "guide": {"validator", "search", "profiles", "definitions", "formats"},
    "client": {"formats"},
    "cli": None,  # everything
    "pytest_plugin": {"validator", "definitions"},
}

# third-party library -> where it may be imported
EDGES = {
    "flask": ("server", "web", "cli"),
    "werkzeug": ("server", "web", "cli"),
    "gunicorn": ("cli", "server"),
    "waitress": ("cli", "server"),
    "requests": ("client.py", "store/remote"),
    "sqlalchemy": ("store", "mappers/readers"),
    "alembic": ("store",),
    "marshmallow": ("mappers", "server"),
    "fhir": ("profiles",),
    "click": ("cli",),
    "lxml": ("formats", "mappers", "validator", "definitions", "fhirpath"),
    "yaml": ("mappers", "cli", "definitions", "validator"),
}


def room_of(path: Path) -> str:
    """The room a module belongs to: its first folder, or its own name at the top."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module imported in a file, also inside functions; imports for type checking alone do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write imports in full, so that the arrows can be read"
            if node.module == "cart_fhir":
                yield from ((f"cart_fhir.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module or "", node.lineno


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_arrows(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        return
    assert room in ARROWS, f"a room that ARCHITECTURE.md does not know: {room}"
    allowed = ARROWS[room]
    for module, line in imports(path):
        parts = module.split(".")
        if parts[0] == "cart_fhir" and len(parts) > 1 and allowed is not None:
            target = parts[1]
            fine = {room, "errors", "issues", "plugins", "__version__"} | allowed
            assert target in fine, (
                f"{path.relative_to(PACKAGE)}:{line} imports {module}; {room} may not import {target}"
            )
        if parts[0] in EDGES:
            here = str(path.relative_to(PACKAGE))
            assert here.startswith(EDGES[parts[0]]), f"{here}:{line}: {parts[0]} belongs to {EDGES[parts[0]]}"


def test_no_circles_between_rooms() -> None:
    def reach(room: str, seen: tuple[str, ...]) -> None:
        assert room not in seen, f"circle: {' -> '.join([*seen, room])}"
        for target in ARROWS[room] or ():
            reach(target, (*seen, room))

    for room in ARROWS:
        reach(room, ())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_stay_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    assert lines <= 450, f"{lines} lines: split by idea (about 400 is the limit)"
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "a module says in its docstring what comes in and what goes out"


def test_every_room_says_what_it_is() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        if "data" not in path.parts:
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path} has no docstring"


def test_importing_the_package_is_cheap() -> None:
    """Nothing heavy comes with `import cart_fhir`: measured as modules loaded, which a busy machine cannot change."""
    code = "import sys, cart_fhir; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in (
        "flask",
        "sqlalchemy",
        "lxml",
        "requests",
        "marshmallow",
        "fhir.resources",
        "ucumvert",
        "orjson",
        "click",
    ):
        assert f"'{heavy}'" not in loaded, f"import cart_fhir loads {heavy}"
