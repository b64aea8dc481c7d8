"""Where the elements of a narrative may stand: items in lists, cells in rows, no blocks in running text.

https://www.w3.org/TR/html401/ chapters 7, 9 to 11, to which https://hl7.org/fhir/R4/narrative.html refers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_BLOCKS = frozenset(("div", "ul", "ol", "table", "pre"))
_NOT_IN_PARAGRAPH = _BLOCKS | {"p", "blockquote"}
# What holds running text, and so no block at any depth.
_INLINE = "a span b em i strong small big tt dfn q var abbr acronym cite bdo kbd sub sup code samp"
_TEXTS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dt", *_INLINE.split()))
_PARENTS = {
    "li": ("ul", "ol"),
    "dt": ("dl",),
    "dd": ("dl",),
    "tr": ("table", "thead", "tbody", "tfoot"),
    "td": ("tr",),
    "th": ("tr",),
    "thead": ("table",),
    "tbody": ("table",),
    "tfoot": ("table",),
    "caption": ("table",),
    "col": ("colgroup", "table"),
    "colgroup": ("table",),
}
# What holds certain elements only, and no text of its own.
_CHILDREN = {
    "ul": ("li",),
    "ol": ("li",),
    "table": ("caption", "col", "colgroup", "thead", "tbody", "tfoot", "tr"),
    "tr": ("td", "th"),
    "dl": ("dt", "dd"),
}
_EMPTY = frozenset(("br", "hr", "img", "col", "area"))


def misplaced(root: Any) -> Iterator[str]:
    """What stands where HTML does not allow it, in words; from the <div> down."""
    stack: list[tuple[Any, str]] = [(root, "")]
    while stack:
        node, text = stack.pop()
        name = node.tag.rpartition("}")[2]
        only = _CHILDREN.get(name)
        if name in _EMPTY and (node.text or len(node)):
            yield f"<{name}> must be empty."
        if only is not None and any((part or "").strip() for part in (node.text, *(each.tail for each in node))):
            yield f"<{name}> must not have text of its own."
        for child in node:
            if not isinstance(child.tag, str):
                continue
            inner = child.tag.rpartition("}")[2]
            above = text or (name if name in _TEXTS else "")
            parents = _PARENTS.get(inner)
            if parents is not None and name not in parents:
                yield f"<{inner}> must stand in {' or '.join(f'<{each}>' for each in parents)}, not in <{name}>."
            elif only is not None and inner not in only:
                yield f"<{name}> must not have <{inner}> in it."
            if above and inner in (_NOT_IN_PARAGRAPH if above == "p" else _BLOCKS):
                yield f"<{above}> holds running text, so there must be no <{inner}> in it."
            stack.append((child, above))
