"""HL7 v2 as text: from the bytes of a file to messages, each a list of segments in the right characters.

Any line end, byte order marks, UTF-16, MLLP frames and batch headers (FHS, BHS) are taken as they come; a line that is
no segment goes on with the segment before it, as it stood in a text of several lines. MSH-18 says how the bytes of a
message are read; HL7 v2.5.1, 2.14.9.18 and table 0211; escapes 2.7; batches 2.10.3.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from cart_fhir.mappers.readers import Unreadable

# HL7 table 0211 -> codec. The Japanese sets come with escape sequences, which iso2022_jp_ext reads, JIS X 0201 too.
CHARSETS = {
    "": "", "ASCII": "ascii", "UNICODE": "utf-8", "UNICODE UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-16", "UNICODE UTF-32": "utf-32",
    "ISO IR6": "ascii", "GB 18030-2000": "gb18030", "KS X 1001": "euc_kr", "CNS 11643-1992": "big5", "BIG-5": "big5",
    **{f"ISO IR{number}": "iso2022_jp_ext" for number in (13, 14, 87, 159)},
    **{f"8859/{part}": f"iso8859_{part}" for part in (*range(1, 12), *range(13, 17))},
}  # fmt: skip
_ESCAPES = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\", "H": "", "N": "", "P": "#", ".br": "\n", ".sp": "\n"}
_USUAL = "^~\\&"
_BLOCK = 1 << 20
_LARGEST_MESSAGE = 64 << 20
_ENVELOPE = re.compile(rb"(?:FHS|BHS|FTS|BTS|MSH)\W")
_SEGMENT = re.compile(rb"[A-Z][A-Z0-9]{2}(?![A-Za-z0-9_ ])")


class Segment(NamedTuple):
    """One segment: its line in the file, its name, its fields as text (MSH counted as the standard counts)."""

    line: int
    name: str
    fields: list[str]


class Marks(NamedTuple):
    """The separators of a message, as its MSH says, and the codec of its bytes."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str
    codec: str


Tell = Callable[[str, int], None]  # a doubt about the file as a whole, and the line where it came up


def messages(path: Path, encoding: str = "", tell: Tell = lambda text, line: None) -> Iterator[
    tuple[list[Segment], Marks]
]:  # fmt: skip
    """The messages of a file one by one; Unreadable when it holds none, or other than its batch trailers count.

    `encoding` is for messages without MSH-18. `tell` hears of what is odd and read all the same.
    """
    batch = _Batch(tell)
    waiting: list[tuple[int, bytes]] = []
    wide = _wide(path)
    for line, raw in _lines(path, wide):
        name = raw[:3] if _ENVELOPE.match(raw + b"|") else b""
        if name and waiting:
            yield _message(waiting, encoding, wide)
            batch.count, waiting = batch.count + 1, []
        if name == b"MSH":
            waiting = [(line, raw)]
        elif name:
            batch.envelope(name, raw, line)
        elif not waiting and raw.strip():
            raise Unreadable("A message should start here, with MSH.", row=line)
        elif waiting and _SEGMENT.match(raw):
            waiting.append((line, raw))
        elif waiting:
            first, before = waiting[-1]
            waiting[-1] = (first, before + b"\n" + raw)
            if raw.strip():
                tell("A line that is no segment was taken as more text of the segment before it.", line)
    if waiting:
        yield _message(waiting, encoding, wide)
        batch.count += 1
    batch.end()


class _Batch:
    """What batch headers and trailers promise, against what came."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._open: list[str] = []  # headers whose trailer has not come
        self._messages = 0  # in batches that are closed
        self._batches = 0
        self.count = 0  # messages since the batch began

    def envelope(self, name: bytes, raw: bytes, line: int) -> None:
        """Note one of FHS, BHS, BTS, FTS; Unreadable when a trailer counts otherwise."""
        cells = raw.split(raw[3:4]) if len(raw) > 3 else []
        told = cells[1].strip().decode("ascii", "replace") if len(cells) > 1 else ""
        if name == b"BTS":
            _agree(told, f"The batch should hold {told} messages and holds {self.count}", {self.count}, line)
            self._batches += 1
            self._messages, self.count = self._messages + self.count, 0
        elif name == b"FTS":  # counts batches; many senders count messages
            text = f"The file should hold {told} batches and holds {self._batches}"
            _agree(told, text, {max(self._batches, 1), self._messages + self.count}, line)
        self._open = [one for one in self._open if one != "BHS" and name != b"FTS"]
        if name in (b"FHS", b"BHS"):
            self._open.append(name.decode())

    def end(self) -> None:
        """The file ends here."""
        if not (self._messages or self.count or self._batches):
            raise Unreadable("The file holds no HL7 v2 message.")
        if self._open:
            self._tell(f"{' and '.join(self._open)} have no trailer: the file may be cut short.", 0)


def _agree(told: str, text: str, found: set[int], line: int) -> None:
    if told.isdecimal() and int(told[:9]) not in found:
        raise Unreadable(f"{text}: it is cut short.", row=line)


def _wide(path: Path) -> str:
    """The codec of a file in UTF-16, which shows in its first bytes; empty for any other."""
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return {b"M\0S\0H\0|\0": "utf-16-le", b"\0M\0S\0H\0|": "utf-16-be"}.get(start, "")


def _blocks(path: Path, wide: str) -> Iterator[bytes]:
    """The bytes of a file in blocks; of one in UTF-16, the same text in UTF-8."""
    decoder = codecs.getincrementaldecoder(wide)() if wide else None
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                yield decoder.decode(block).encode() if decoder else block
            if decoder:
                decoder.decode(b"", final=True)
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    except UnicodeError:
        raise Unreadable("The file begins as UTF-16 and does not go on so.") from None


def _lines(path: Path, wide: str) -> Iterator[tuple[int, bytes]]:
    """(number, bytes) of each line, whatever ends it; byte order mark and MLLP frames cut."""
    rest, number = b"", 0
    for block in _blocks(path, wide):
        *lines, rest = re.split(rb"[\r\n]+", rest + block)
        if len(rest) > _LARGEST_MESSAGE:
            raise Unreadable("A segment has no end: this is not HL7 v2.", row=number + 1)
        for line in lines:
            number += 1
            yield number, line.lstrip(b"\xef\xbb\xbf\x0b\x1c")
    if rest.strip(b"\x1c\x0b \x1a"):
        yield number + 1, rest.lstrip(b"\xef\xbb\xbf\x0b\x1c").rstrip(b"\x1c\x1a")


def _message(lines: list[tuple[int, bytes]], encoding: str, wide: str) -> tuple[list[Segment], Marks]:
    first, head = lines[0]
    if len(head) < 9:
        raise Unreadable("The message header is cut short.", row=first)
    separator = chr(head[3])
    signs = head.split(head[3:4])[1].decode("ascii", "replace")
    signs = signs.replace("\\\\", "\\")  # some write the backslash twice
    signs += _USUAL[len(signs) :]
    # a fifth sign is that of truncation, which stays as it stands
    codec = "utf-8" if wide else _codec(head, separator, signs[1], encoding, first)
    marks = Marks(separator, signs[0], signs[1], signs[2], signs[3], codec)
    return [_segment(line, raw, marks, named=not encoding) for line, raw in lines], marks


def _segment(line: int, raw: bytes, marks: Marks, *, named: bool) -> Segment:
    try:
        text = raw.decode(marks.codec)
    except UnicodeError:
        advice = "Name the encoding of the export in the map, for example source: encoding: iso-8859-1"
        told = "MSH-18 or its absence" if named else "the map"
        raise Unreadable(
            f"The bytes here are not the {marks.codec} that {told} says.", row=line, advice=advice
        ) from None
    fields = text.split(marks.field)
    name = fields[0].strip()
    return Segment(line, name, [marks.field, *fields[1:]] if name == "MSH" else fields[1:])


def _codec(head: bytes, separator: str, repetition: str, encoding: str, line: int) -> str:
    """The codec of a message: what MSH-18 says (its last repetition rules), else what the map says, else UTF-8.

    Names in the header may be in that very set, and bytes of theirs may look like a separator: a set is believed when
    its own reading of the header finds its name.
    """
    told = ""
    for codec in ("latin-1", "gb18030", "big5", "euc_kr", "iso2022_jp_ext"):
        cells = head.decode(codec, "replace").split(separator)
        names = [name.strip().upper() for name in (cells[17] if len(cells) > 17 else "").split(repetition)]
        last = next((name for name in reversed(names) if name), "")
        if codec == "latin-1" or CHARSETS.get(last) == codec:
            told = last
    found = CHARSETS.get(told)
    if found is None:
        found = _by_its_own_name(told, line)
    if found in ("", "ascii"):
        return encoding or "utf-8"
    return "utf-8" if found in ("utf-16", "utf-32") else found  # a file really in those was read by its first bytes


def _by_its_own_name(told: str, line: int) -> str:
    """The codec of a set named as the rest of the world names it: UTF-8, ISO-8859-1, WINDOWS-1252."""
    try:
        name = codecs.lookup(re.sub(r"^ISO ?8859[/ ]", "ISO-8859-", told)).name
        b"A".decode(name)  # Python has codecs that are no text, too
        return name
    except (LookupError, ValueError):
        advice = "HL7 table 0211 has the names; have it mended at the sender."
        raise Unreadable(f"The character set '{told[:20]}' in MSH-18 is not known.", row=line, advice=advice) from None


def unescaped(text: str, marks: Marks) -> str:
    """Text with HL7 escapes (`F`, `S`, `T`, `R`, `E`, `Xdd`, `.br`) resolved; unknown ones stay as they stand."""
    if marks.escape not in text:
        return text
    mark = re.escape(marks.escape)
    return re.sub(f"{mark}([^{mark}]*){mark}", lambda found: _unescape(found[1], found[0], marks), text)


def _unescape(name: str, whole: str, marks: Marks) -> str:
    if name in _ESCAPES:
        own = dict(zip("FSRET", marks[:5], strict=True))
        return own.get(name, _ESCAPES[name])
    if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", name):
        data = bytes.fromhex(name[1:])
        try:
            return data.decode(marks.codec)
        except UnicodeError:
            return data.decode("latin-1")
    if spaces := re.fullmatch(r"\.(sp|sk)\s?\+?(\d{1,3})", name):
        return ("\n" if spaces[1] == "sp" else " ") * int(spaces[2])
    return "" if re.fullmatch(r"\.(?:in|ti)\s?[+-]?\d{1,3}|\.fi|\.nf|\.ce", name) else whole
