"""Answers to HL7 v2 messages: ACK with MSA and, where something is wrong, an ERR for each finding.

AA: stored. AE: the content is at fault, mend it. AR: not a message for here, or not now; sending it again may help.
A sender that fills MSH-15 or MSH-16 (enhanced mode) gets what it asks for there: an accept acknowledgement (CA, CE,
CR), then an application acknowledgement, either or neither. HL7 v2.5.1, 2.9 (acknowledgement) and 2.14 (ERR, MSA);
tables 0008, 0155, 0357, 0516.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from cart_fhir.issues import Issue

Code = Literal["AA", "AE", "AR", "CA", "CE", "CR"]

_ACCEPT: dict[Code, Code] = {"AA": "CA", "AE": "CE", "AR": "CR"}
_MOST = 20  # findings told in one answer
# rule of a finding -> HL7 table 0357; anything else is 207, application error
_TABLE_0357 = {
    "value-required": "101^Required field missing",
    "type": "102^Data type error",
    "date": "102^Data type error",
    "code-unmapped": "103^Table value not found",
    "reference-missing": "204^Unknown key identifier",
    "duplicate-key": "205^Duplicate key identifier",
}


class Header(NamedTuple):
    """What an answer needs of a message's MSH; its parts are as they came, in the message's own marks."""

    marks: str
    sender: tuple[str, str]
    receiver: tuple[str, str]
    trigger: str
    control: str
    processing: str
    version: str
    accept: str = ""  # MSH-15: AL, NE, ER, SU
    application: str = ""  # MSH-16
    segments: Sequence[str] = ()  # the name of the segment in each line

    @property
    def kind(self) -> str:
        """Message type and trigger, `ras_o17`, for the name of a file: letters, digits and _ only."""
        parts = self.trigger.replace(self.marks[1:2], "^").split("^")[:2]
        return "_".join("".join(sign for sign in part if sign.isascii() and sign.isalnum()) for part in parts).lower()


def header(message: bytes) -> Header:
    """The header of a message, of as much as there is of it: nothing here can fail."""
    text = message.lstrip(b"\xef\xbb\xbf\r\n")
    line, *_ = lines = [one.decode("latin-1") for one in re.split(rb"[\r\n]+", text)]
    if not line.startswith("MSH") or len(line) < 8:
        return Header("|^~\\&", ("", ""), ("", ""), "", "", "P", "2.5.1")
    cells = [*line.split(line[3]), *[""] * 16]
    marks = line[3] + (cells[1] if len(cells[1]) >= 4 else "^~\\&")
    return Header(
        marks, (cells[2], cells[3]), (cells[4], cells[5]), cells[8], cells[9], cells[10] or "P",
        cells[11] or "2.5.1", cells[14].strip().upper(), cells[15].strip().upper(), [one[:3] for one in lines],
    )  # fmt: skip


class Outcome(NamedTuple):
    """What became of a message: the code of its application acknowledgement, the reason, the findings."""

    code: Code
    text: str = ""
    issues: Sequence[Issue] = ()


def answers(message: bytes, outcome: Outcome) -> list[bytes]:
    """The acknowledgements that the sender asks for, in their order; most senders ask for one."""
    head = header(message)
    if not head.accept and not head.application:
        return [_answer(head, *outcome)]
    made = []
    if _wanted(head.accept, outcome.code):
        made.append(_answer(head, _ACCEPT[outcome.code], outcome.text, outcome.issues))
    if _wanted(head.application, outcome.code) and (outcome.code == "AA" or not made):
        made.append(_answer(head, *outcome))
    return made


def _wanted(condition: str, code: Code) -> bool:
    """HL7 table 0155: always, never, on errors, on success; nothing said is never."""
    return condition in ("AL", "SU" if code == "AA" else "ER")


def accepted(message: bytes) -> list[bytes]:
    """AA: what the message says is stored."""
    return answers(message, Outcome("AA"))


def refused(message: bytes, code: Code, text: str, issues: Sequence[Issue] = ()) -> list[bytes]:
    """AE or AR with the reason, and the findings as ERR segments."""
    return answers(message, Outcome(code, text, issues))


def _answer(head: Header, code: Code, text: str, issues: Sequence[Issue]) -> bytes:
    mark, part = head.marks[0], head.marks[1]
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S+0000")
    trigger = head.trigger.split(part)[1] if part in head.trigger else ""
    kind = part.join(["ACK", trigger, "ACK"]) if trigger else "ACK"
    lines = [
        ["MSH", head.marks[1:], *head.receiver, *head.sender, now, "", kind, f"{head.control}-{code[0]}"[-20:],
         head.processing, head.version],
        ["MSA", code, head.control, _escaped(text[:60], head.marks)],
        *(_error(issue, head) for issue in issues[:_MOST]),
    ]  # fmt: skip
    if text and not issues:
        lines.append(_error(Issue("error", "processing", "", text), head))
    return "".join(mark.join(line).rstrip(mark) + "\r" for line in lines).encode("latin-1", "replace")


def _error(issue: Issue, head: Header) -> list[str]:
    """ERR: where (segment^sequence^field), what (table 0357), how bad (0516), in words."""
    marks = head.marks
    part = marks[1]
    code = _TABLE_0357.get(issue.rule, "207^Application internal error").replace("^", part)
    where = ""
    column = issue.origin.column if issue.origin else ""
    if column[3:4] == "-" and column[:3].isalnum():
        field = column[4:].split(",")[0].split(".")[0].split("~")[0]
        upto = head.segments[: issue.origin.row or 0] if issue.origin else ()
        place = upto.count(column[:3]) if upto and upto[-1] == column[:3] else 1  # the row's own segment, or the first
        where = part.join([column[:3], str(place), field if field.isdigit() else ""])
    severity = "E" if issue.is_error else "W"
    words = " ".join(word for word in (f"{column}:" if column else "", issue.text, issue.advice) if word)
    return ["ERR", "", where, f"{code}{part}HL70357", severity, issue.rule, "", "", _escaped(words, marks)]


def _escaped(text: str, marks: str) -> str:
    """Text with the message's own marks written as escapes, on one line."""
    whole = marks + r"|^~\&"[len(marks) :]
    escape, names = whole[3], dict(zip(whole, "FSRET", strict=False))
    text = text.encode("ascii", "replace").decode()  # in whatever character set the sender reads it
    return "".join(
        f"{escape}{names[sign]}{escape}" if sign in names else sign if sign.isprintable() else " " for sign in text
    )
