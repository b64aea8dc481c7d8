"""YAML with line numbers, and without YAML's surprises: `no` is a word, 1:30 is a text, a date stays as written.

Only true, false, null, whole numbers and decimals (as Decimal) are read as such; everything else is text. A mapping may
take over another's entries (`<<: *name`) and say some of them otherwise.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Issue, Severity

_MAX_DEPTH = 60
_QUOTES = "Check brackets and indentation; a hole with a comma in it needs quotes inside { } and [ ]: '=f(A, B)'."


class Section(dict[str, Any]):
    """A mapping of the file: `line` where it starts, `lines` where each key stands."""

    line: int = 0
    lines: dict[str, int]

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines = {}

    def at(self, key: str) -> int:
        """The line of a key, or of the section."""
        return self.lines.get(key, self.line)


class Items(list[Any]):
    """A list of the file: `lines` where each item stands."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def load(path: Path) -> Section:
    """The file's tree; ConfigError with the line when it is not YAML or not a mapping."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as problem:
        raise ConfigError(f"The map {path.name} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"The map {path.name} is not in UTF-8.") from None
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise wrong(f"{path.name} is not YAML: {problem.problem}.", line, _QUOTES) from None
    except yaml.YAMLError as problem:
        raise wrong(f"{path.name} is not YAML: {problem}", 1) from None
    tree = _build(node, 0) if node is not None else None
    if not isinstance(tree, Section):
        raise wrong(f"{path.name} is no map: it should start with 'map: 1'.", 1)
    return tree


def wrong(text: str, line: int, advice: str = "") -> ConfigError:
    """A ConfigError that says the line."""
    return ConfigError(text, issues=[problem(text, line, advice)])


def problem(text: str, line: int, advice: str = "", severity: Severity = "error") -> Issue:
    """A finding in a map file."""
    return Issue(severity, "invalid", "map", text, advice=advice, line=line, column=1)


def _build(node: yaml.Node, depth: int) -> Any:
    line = node.start_mark.line + 1
    if depth > _MAX_DEPTH:
        raise wrong("The map is nested too deeply.", line)
    if isinstance(node, yaml.MappingNode):
        section, inherited = Section(line), Section(line)
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key == "<<" and isinstance(value_node, yaml.MappingNode):
                inherited = _build(value_node, depth + 1)
                continue
            if key in section:
                raise wrong(f"'{key}' stands here twice.", key_node.start_mark.line + 1)
            section[key] = _build(value_node, depth + 1)
            section.lines[key] = key_node.start_mark.line + 1
        for key in [name for name in inherited if name not in section]:
            section[key], section.lines[key] = inherited[key], inherited.at(key)
        return section
    if isinstance(node, yaml.SequenceNode):
        items = Items()
        for child in node.value:
            items.append(_build(child, depth + 1))
            items.lines.append(child.start_mark.line + 1)
        return items
    assert isinstance(node, yaml.ScalarNode)  # the third of YAML's three kinds of node
    return _scalar(node.value) if node.style is None else node.value


def _scalar(text: str) -> Any:
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9]\d*)", text):
        return int(text)
    return Decimal(text) if re.fullmatch(r"-?\d+\.\d+", text) else text
