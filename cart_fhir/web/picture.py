"""A journey as a picture: lanes on the day-0 axis as shapes that the template writes as inline SVG.

Every mark carries its own words (a title for the pointer and for screen readers) and the reference of the resource it
stands for; grades are told by a digit as well as by a colour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cart_fhir.server.journey import Event, Journey
from cart_fhir.web.scale import Scale, label, line, scale

WIDTH = 1080.0
LEFT = 190.0
RIGHT = 1046.0
_ROW = 24.0
_HEAD = 20.0
_GRAPH = 62.0
_MOST_ROWS = 9
_MOST_GRAPHS = 5
_NEVER = ("not-taken", "not-done")
_GOOD = {"cr", "pr", "normalization", "partial-normalization"}
_SHORT = {"Complete response": "CR", "Partial response": "PR", "No response": "NR", "Not evaluable": "NE"}
# what a clinician looks at first, in this order; other results follow by how often they were measured
_FIRST_LABS = ("8116-6", "26515-7", "777-3", "26499-4", "4485-9", "5130-0", "2465-3", "2276-4", "2157-6")


@dataclass(frozen=True, slots=True)
class Mark:
    """One shape: kind `dot`, `square`, `diamond`, `bar` or `badge`, with its place, size, style, words and resource."""

    kind: str
    x: float
    y: float
    width: float = 0.0
    style: str = ""
    text: str = ""
    title: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through numbers: the path, the path of the area under it, the words at its end."""

    path: str
    area: str
    style: str
    text: str
    x: float
    y: float


@dataclass(slots=True)
class Lane:
    """One band of the picture with its name, its rows (name, place) and what is drawn in it.

    `timeless`: what stands in it has no place on the axis, so the grid is not drawn behind it.
    """

    name: str
    top: float
    height: float = 0.0
    rows: list[tuple[str, float]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    timeless: bool = False

    def row(self) -> float:
        """The middle of the next free row."""
        return self.top + _HEAD + _ROW * (len(self.rows) + 0.5)

    def close(self) -> Lane | None:
        """The lane with its height, or None when nothing stands in it."""
        self.height = _HEAD + _ROW * len(self.rows) + 6
        return self if self.rows else None


@dataclass(slots=True)
class Picture:
    """Everything the template draws. `ticks` are (place, label, is day 0)."""

    width: float
    height: float
    left: float
    right: float
    ticks: list[tuple[float, str, bool]]
    lanes: list[Lane]
    description: str


def draw(journey: Journey) -> Picture:
    """The picture of a journey; lanes without events are left out."""
    days = [day for event in journey.events for day in (event.day, event.until) if day is not None]
    axis = scale(days, LEFT, RIGHT)
    top = 44.0
    lanes: list[Lane] = []
    for make in _LANES:
        lane = make(journey, axis, top)
        if lane is not None:
            lanes.append(lane)
            top += lane.height + 10
    ticks = [(axis.place(day), label(day), day == 0) for day in axis.days]
    return Picture(WIDTH, top + 8, LEFT, RIGHT, ticks, lanes, describe(journey))


def describe(journey: Journey) -> str:
    """The picture in words, for those who do not see it."""
    words = [f"{len(journey.events)} events" + (f", infusion on {journey.day_zero}" if journey.day_zero else "")]
    peak = max(_first_series(journey, "expansion"), key=lambda event: event.value or 0, default=None)
    if peak is not None:
        words.append(f"highest expansion {peak.value} {peak.unit} on day {peak.day}")
    words += [
        f"{e.name} grade {e.grade} from day {e.day}" for e in journey.lane("adverse event") if (e.grade or 0) >= 3
    ]
    words += [f"response {e.detail} on day {e.day}" for e in journey.lane("response")]
    words += [_title(e) for e in journey.lane("state") if e.detail != "no"]
    return "; ".join(words) + "."


def _prior(journey: Journey, axis: Scale, top: float) -> Lane | None:
    """Prior therapies: bars where dates are known, else names in one line before the infusion."""
    taken = [event for event in journey.lane("prior therapy") if event.resource.get("status") not in _NEVER]
    if not taken:
        return None
    lane = Lane("Prior therapy", top, timeless=all(event.day is None for event in taken))
    dated = [event for event in taken if event.day is not None]
    _rows(lane, axis, dated, lambda event: "prior")
    names = sorted({event.name for event in taken if event.day is None})
    for number in range(0, len(names), 6):
        y = lane.row()
        lane.rows.append(("" if number else "date not known", y))
        x = LEFT + 8
        for name in names[number : number + 6]:
            shown = name if len(name) <= 22 else name[:21] + "…"
            width = 7.0 * len(shown) + 16
            if x + width > RIGHT:
                break
            reference = next(event.reference for event in taken if event.name == name)
            lane.marks.append(Mark("badge", x, y, width, "prior", shown, f"{name}, date not known", reference))
            x += width + 8
    return lane.close()


def _treatment(journey: Journey, axis: Scale, top: float) -> Lane | None:
    """Collection, lymphodepletion, infusion and other drugs, one row each drug, a mark each day."""
    lane = Lane("Treatment", top)
    styles = {"collection": "collection", "lymphodepletion": "depletion", "infusion": "infusion"}
    for name, style in styles.items():
        _rows(lane, axis, journey.lane(name), lambda event, style=style: style)  # type: ignore[misc]  # bound now
    _rows(lane, axis, journey.lane("other medication"), lambda event: "drug")
    return lane.close()


def _toxicity(journey: Journey, axis: Scale, top: float) -> Lane | None:
    """Daily gradings as dots, adverse events as bars from onset to resolution, the worst first."""
    lane = Lane("Adverse events", top)
    gradings = [event for event in journey.lane("grading") if event.grade]
    _rows(lane, axis, gradings, lambda event: f"grade-{event.grade}")
    worst = sorted(journey.lane("adverse event"), key=lambda event: (-(event.grade or 0), event.day or 0))
    _rows(lane, axis, worst, lambda event: f"grade-{event.grade or 'none'}")
    return lane.close()


def _response(journey: Journey, axis: Scale, top: float) -> Lane | None:
    events = [event for event in journey.lane("response") if event.day is not None]
    if not events:
        return None
    lane = Lane("Response", top)
    y = lane.row()
    lane.rows.append(("", y))
    for event in events:
        short = _SHORT.get(event.detail, event.detail)
        width = 7.0 * len(short) + 14
        codings = event.resource.get("valueCodeableConcept", {}).get("coding", ())
        style = "good" if any(one.get("code") in _GOOD for one in codings) else "bad"
        # a badge stands in the middle of its day
        x = axis.place(event.day or 0) - width / 2
        lane.marks.append(Mark("badge", x, y, width, style, short, _title(event), event.reference))
    return lane.close()


def _states(journey: Journey, axis: Scale, top: float) -> Lane | None:
    """Remission, drug-free time, end of therapy, B-cell aplasia, relapse: a row each, filled for yes."""
    lane = Lane("States", top)
    told = [event for event in journey.lane("therapy") if event.value is None]
    _rows(lane, axis, [*told, *journey.lane("state")], lambda event: "no" if event.detail == "no" else "yes")
    return lane.close()


def _therapy(journey: Journey, axis: Scale, top: float) -> Lane | None:
    """Daily doses: glucocorticoid that falls to zero is what a remission is measured by."""
    doses = [series for series in journey.series("therapy") if len(series) > 1]
    return _graphs("Therapy", doses, axis, top, "therapy")


def _expansion(journey: Journey, axis: Scale, top: float) -> Lane | None:
    return _graphs("CAR-T expansion", [_first_series(journey, "expansion")], axis, top, "expansion", logarithmic=True)


def _activity(journey: Journey, axis: Scale, top: float) -> Lane | None:
    found = [series for series in journey.series("activity") if len(series) > 1]
    return _graphs("Disease activity", found, axis, top, "activity")


def _laboratory(journey: Journey, axis: Scale, top: float) -> Lane | None:
    found = [series for series in journey.series("laboratory") if len(series) > 1]

    def rank(series: list[Event]) -> tuple[int, int]:
        code = series[0].code
        return (_FIRST_LABS.index(code) if code in _FIRST_LABS else len(_FIRST_LABS), -len(series))

    return _graphs("Laboratory", sorted(found, key=rank), axis, top, "laboratory")


_LANES: tuple[Callable[[Journey, Scale, float], Lane | None], ...] = (
    _prior,
    _treatment,
    _expansion,
    _toxicity,
    _activity,
    _therapy,
    _laboratory,
    _states,
    _response,
)


def _first_series(journey: Journey, lane: str) -> list[Event]:
    """Of several measures of expansion the cells in blood, else the one that was followed most often."""

    def rank(series: list[Event]) -> tuple[bool, int]:
        return series[0].code == "cart-cells-per-ul", len(series)

    return max(journey.series(lane), key=rank, default=[])


def _rows(lane: Lane, axis: Scale, events: Sequence[Event], style: Callable[[Event], str]) -> None:
    """One row for each name, with a mark for each event of it."""
    rows: dict[str, list[Event]] = {}
    for event in events:
        if event.day is not None:
            rows.setdefault(event.name, []).append(event)
    for number, (name, row) in enumerate(rows.items()):
        if number == _MOST_ROWS:
            lane.rows.append((f"and {len(rows) - number} more below", lane.row()))
            return
        y = lane.row()
        lane.rows.append((name if len(name) <= 26 else name[:25] + "…", y))
        lane.marks += [_mark(event, axis, y, style(event)) for event in row]


def _mark(event: Event, axis: Scale, y: float, style: str) -> Mark:
    day = event.day or 0
    x = axis.place(day)
    text = str(event.grade) if event.grade is not None else ""
    if style == "yes" and event.until is not None:
        text = label(event.until - day).lstrip("+") + ("" if event.until - day >= 90 else " d")
    if event.until is not None and event.until > day:
        width = max(axis.place(event.until) - x, 16.0)
        return Mark("bar", min(x, RIGHT - 8), y, width, style, text, _title(event), event.reference)
    kind = {"infusion": "diamond", "depletion": "square", "drug": "square"}.get(style, "dot")
    if kind == "diamond":
        text = event.detail.partition(", ")[0]
    return Mark(kind, x, y, 0.0, style, text, _title(event), event.reference)


def _title(event: Event) -> str:
    day = f"day {event.day}" + (f" to {event.until}" if event.until is not None else "")
    grade = f", grade {event.grade}" if event.grade is not None else ""
    return f"{event.name}{grade}, {day}" + (f": {event.detail}" if event.detail else "")


def _graphs(
    name: str, found: Sequence[list[Event]], axis: Scale, top: float, style: str, *, logarithmic: bool = False
) -> Lane | None:
    """One graph for each series, each with a scale of its own from zero to its highest value."""
    every = [series for series in found if series]
    graphs = every[:_MOST_GRAPHS]
    if not graphs:
        return None
    lane = Lane(name, top, _GRAPH * len(graphs) + 6 + _HEAD / 2)
    for number, series in enumerate(graphs):
        _graph(lane, series, axis, top + 4 + _HEAD / 2 + _GRAPH * number, style=style, logarithmic=logarithmic)
    if len(every) > len(graphs):
        lane.rows.append((f"and {len(every) - len(graphs)} more below", top + lane.height + _ROW / 3))
        lane.height += _ROW
    return lane


def _graph(lane: Lane, series: list[Event], axis: Scale, top: float, *, style: str, logarithmic: bool) -> None:
    def height(value: float) -> float:
        return math.log10(1 + max(value, 0)) if logarithmic else max(value, 0)

    bottom = top + _GRAPH - 10
    values = [float(event.value or 0) for event in series]
    highest = max(map(height, values)) or 1.0
    points = [
        (axis.place(event.day or 0), bottom - height(value) / highest * (_GRAPH - 20))
        for event, value in zip(series, values, strict=True)
    ]
    area = f"{line([(points[0][0], bottom), *points, (points[-1][0], bottom)])} Z"
    peak = max(range(len(values)), key=values.__getitem__)
    said = f"{series[peak].value} {series[peak].unit}"
    lane.curves.append(Curve(line(points), area, style, said, min(points[peak][0], RIGHT - 90), points[peak][1] - 5))
    shown = series[0].name.split(" [")[0]
    lane.rows.append((shown if len(shown) <= 26 else shown[:25] + "…", top + _GRAPH / 2))
    lane.marks += [
        Mark("point", x, y, 0.0, style, "", _title(event), event.reference)
        for event, (x, y) in zip(series, points, strict=True)
    ]
