"""The few forms of Markdown that the pages use: headings, paragraphs, lists, tables, code, links, bold."""

from __future__ import annotations

import re
from html import escape


def to_html(text: str) -> str:
    """Render a page; blocks are separated by blank lines."""
    return "\n".join(_block(block) for block in _blocks(text))


def _blocks(text: str) -> list[str]:
    """Blocks between blank lines; fenced code keeps its own."""
    parts = re.split(r"^(```.*?^```)$", text, flags=re.M | re.S)
    found: list[str] = []
    for part in parts:
        found += [part] if part.startswith("```") else re.split(r"\n\s*\n", part)
    return [block.strip("\n") for block in found if block.strip()]


def _block(block: str) -> str:
    lines = block.split("\n")
    if block.startswith("```"):
        return f"<pre>{escape(chr(10).join(lines[1:-1]))}</pre>"
    if heading := re.fullmatch(r"(#{1,4}) (.+)", block):
        level = len(heading[1])
        return f'<h{level} id="{anchor(heading[2])}">{inline(heading[2])}</h{level}>'
    if lines[0].startswith("|"):
        return _table(lines)
    if all(line.startswith(("- ", "  ")) for line in lines):
        return f"<ul>{_items(block, '- ')}</ul>"
    if re.match(r"1\. ", block):
        return f"<ol>{_items(re.sub(r'(?m)^[0-9]+[.] ', '- ', block), '- ')}</ol>"
    if block.startswith("<"):
        return block
    return f"<p>{inline(' '.join(lines))}</p>"


def _items(block: str, mark: str) -> str:
    items = re.split(rf"(?m)^{re.escape(mark)}", block)[1:]
    return "".join(f"<li>{inline(' '.join(item.split()))}</li>" for item in items)


def _table(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f"<th>{inline(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>" for row in rows[2:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def inline(text: str) -> str:
    """Code, bold and links in a line of text."""
    html = escape(text, quote=False)
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html)
    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", r'<a href="\2">\1</a>', html)


def anchor(text: str) -> str:
    """The id of a heading."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
