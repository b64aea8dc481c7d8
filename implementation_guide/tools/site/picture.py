"""The journey on the day-0 axis, as inline SVG: what happens when, and in which profile it is kept."""

from __future__ import annotations

from html import escape

# lane, first and last position on the axis (0-100), label, page
STEPS = (
    (0, 2, 14, "Disease, prior therapy", "StructureDefinition-cart-prior-immunosuppression"),
    (0, 15.5, 26.5, "Leukapheresis", "StructureDefinition-cart-leukapheresis"),
    (0, 28, 39, "Product, release tests", "StructureDefinition-cart-product"),
    (1, 27, 35, "Bridging", "StructureDefinition-cart-supportive-administration"),
    (1, 36.5, 49.5, "Lymphodepletion", "StructureDefinition-cart-lymphodepletion"),
    (0, 50, 58, "Infusion", "StructureDefinition-cart-administration"),
    (1, 51, 66, "CRS, ICANS", "StructureDefinition-cart-crs-grading"),
    (2, 53, 70, "Expansion, persistence", "StructureDefinition-cart-kinetics"),
    (1, 68, 79, "ICAHT, LICATS", "StructureDefinition-cart-licats-grading"),
    (2, 72, 88, "B-cell aplasia and return", "StructureDefinition-cart-immune-state"),
    (0, 62, 76, "Activity scores", "StructureDefinition-cart-disease-activity"),
    (0, 78, 88, "Response", "StructureDefinition-cart-response"),
    (0, 90, 99, "Follow-up", "StructureDefinition-cart-follow-up"),
)
TICKS = (
    (16, "day -35"), (38, "-5"), (48, "-3"), (54, "day 0"), (61, "7"),
    (66, "14"), (71, "28"), (80, "90"), (88, "180"), (97, "15 y"),
)  # fmt: skip
COLOURS = ("#2f6f73", "#a6483b", "#5b5ea6")


def day_zero() -> str:
    """The picture; every box links to its profile."""
    boxes = "".join(_box(*step) for step in STEPS)
    ticks = "".join(
        f'<g><line x1="{x * 10}" x2="{x * 10}" y1="196" y2="204" stroke="#445"/>'
        f'<text x="{x * 10}" y="220" text-anchor="middle" class="tick">{escape(label)}</text></g>'
        for x, label in TICKS
    )
    return (
        '<svg class="journey" viewBox="0 0 1000 232" role="img" aria-label="The journey on the day-0 axis">'
        '<rect x="535" y="10" width="10" height="190" fill="#f3d9a4"/>'
        f'{boxes}<line x1="5" x2="995" y1="200" y2="200" stroke="#445" stroke-width="2"/>{ticks}</svg>'
    )


def _box(lane: int, start: int, end: int, label: str, page: str) -> str:
    y, width = 20 + lane * 58, (end - start) * 10
    words = label.split()
    half = (len(words) + 1) // 2
    lines = [label] if len(words) == 1 or len(label) * 7.2 < width else [" ".join(words[:half]), " ".join(words[half:])]
    middle, top = start * 10 + width / 2, y + 26 - (len(lines) - 1) * 7.5
    text = "".join(
        f'<text x="{middle}" y="{top + number * 15}" text-anchor="middle">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    box = f'<rect x="{start * 10}" y="{y}" width="{width}" height="42" rx="5" fill="{COLOURS[lane]}"/>'
    return f'<a href="{page}.html">{box}{text}</a>'
