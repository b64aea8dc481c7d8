"""Where resources wait until the whole export is read: a private SQLite database that spills to disk by itself.

Only when every row is known can be said which keys collide and which references lead nowhere, whatever the order of the
rows; and memory stays flat however large the export. Nothing of it outlives the run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384; PRAGMA temp_store = FILE;
    CREATE TABLE row (id INTEGER PRIMARY KEY, source INTEGER, sheet TEXT, number INTEGER, state INTEGER);
    CREATE TABLE made (ref TEXT, digest BLOB, make INTEGER, content BLOB, stamp TEXT);
    CREATE TABLE maker (row INTEGER, ref TEXT, digest BLOB, make INTEGER);
    CREATE TABLE need (ref TEXT, target TEXT, digest BLOB);
    CREATE TABLE whole (ref TEXT PRIMARY KEY, content BLOB);
    CREATE TABLE derived (ref TEXT, source TEXT);
    CREATE TABLE belongs (row INTEGER, patient TEXT);
    CREATE VIEW stands AS SELECT ref, content FROM made WHERE ref NOT IN (SELECT ref FROM whole)
        UNION ALL SELECT ref, content FROM whole;
"""
SKIPPED, MAPPED, REFUSED = 0, 1, 2
_BATCH = 2000
_REMEMBERED = 20_000


class Spool:
    """Rows, what they made and what that refers to.

    What rows made (`made`) is never changed, so that a refused row takes exactly its part away. What was made of it
    since, by uniting parts or by arithmetic, lies over it (`whole`) and is thrown away and made anew after a refusal.
    """

    def __init__(self) -> None:
        # an empty name is SQLite's temporary database: in memory until it grows, then a file that nobody else can open
        self.db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self.db.executescript(_TABLES)
        self.db.execute("BEGIN")
        self._rows: list[tuple[int, int, str, int, int]] = []
        self._made: list[tuple[str, bytes, int, bytes, str]] = []
        self._makers: list[tuple[int, str, bytes, int]] = []
        self._needs: list[tuple[str, str, bytes]] = []
        self._recent: set[bytes] = set()

    def row(self, row: int, source: int, sheet: str, number: int, state: int) -> None:
        """Note a row of a source file and what became of it."""
        self._rows.append((row, source, sheet, number, state))
        if len(self._rows) >= _BATCH:
            self.flush()

    def add(self, row: int, ref: str, make: int, content: bytes, needs: Iterable[str], *, stamp: str = "") -> None:
        """Keep a resource (`ref` is "Type/id") that a row made, what it refers to, and when it was said."""
        digest = blake2b(content + stamp.encode(), digest_size=16).digest()
        self._makers.append((row, ref, digest, make))
        if digest not in self._recent:  # rows near each other often repeat a resource: their patient, say
            self._recent.add(digest)
            self._made.append((ref, digest, make, content, stamp))
            self._needs += [(ref, target, digest) for target in needs]

    def flush(self) -> None:
        """Write what is waiting."""
        self.db.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?)", self._rows)
        self.db.executemany("INSERT INTO made VALUES (?, ?, ?, ?, ?)", self._made)
        self.db.executemany("INSERT INTO maker VALUES (?, ?, ?, ?)", self._makers)
        self.db.executemany("INSERT INTO need VALUES (?, ?, ?)", self._needs)
        self._rows, self._made, self._makers, self._needs = [], [], [], []
        if len(self._recent) > _REMEMBERED:
            self._recent.clear()

    def index(self) -> None:
        """Make ready for questions, once all rows are in: tables are written in order and sorted once, at the end."""
        self.flush()
        self.db.execute("CREATE INDEX made_ref ON made (ref, digest)")
        self.db.execute(
            "DELETE FROM made WHERE rowid IN (SELECT a.rowid FROM made a JOIN made b"
            " ON a.ref = b.ref AND a.digest = b.digest AND a.rowid > b.rowid)"
        )
        self.db.execute("CREATE INDEX maker_ref ON maker (ref)")
        self.db.execute("CREATE INDEX maker_row ON maker (row)")
        self.db.execute("CREATE INDEX belongs_row ON belongs (row, patient)")
        self.db.execute("CREATE INDEX need_target ON need (target, ref)")
        self.db.execute("CREATE INDEX need_ref ON need (ref, target)")

    def conflicts(self) -> Iterator[str]:
        """References under which rows made different resources."""
        yield from [ref for (ref,) in self.db.execute("SELECT ref FROM made GROUP BY ref HAVING count(*) > 1")]

    def versions(self, ref: str) -> list[tuple[int, bytes, str]]:
        """(make, content, stamp) of each version of a resource."""
        found = self.db.execute("SELECT make, content, stamp FROM made WHERE ref = ? ORDER BY content", (ref,))
        return found.fetchall()

    def put(self, ref: str, content: bytes) -> None:
        """Lay a resource over what its rows made: parts united, a total added."""
        self.db.execute("INSERT OR REPLACE INTO whole VALUES (?, ?)", (ref, content))

    def derive(self, ref: str, content: bytes, sources: Iterable[str], needs: Iterable[str]) -> None:
        """Keep a resource that no row made, with those it was derived from and all that it refers to."""
        self.put(ref, content)
        self.db.executemany("INSERT INTO derived VALUES (?, ?)", [(ref, source) for source in sources])
        self.db.executemany("INSERT INTO need VALUES (?, ?, NULL)", [(ref, target) for target in needs])

    def bare(self) -> None:
        """Throw away all that is not as rows made it."""
        self.db.execute("DELETE FROM need WHERE ref IN (SELECT ref FROM derived)")
        self.db.execute("DELETE FROM derived")
        self.db.execute("DELETE FROM whole")

    def is_derived(self, ref: str) -> bool:
        """Whether a resource was derived from others."""
        return self.db.execute("SELECT 1 FROM derived WHERE ref = ?", (ref,)).fetchone() is not None

    def belong(self, row: int, patients: Iterable[str]) -> None:
        """Note whose row it is ("Patient/id")."""
        self.db.executemany("INSERT INTO belongs VALUES (?, ?)", [(row, patient) for patient in patients])

    def fellows(self) -> list[tuple[int, int, str, int]]:
        """(row id, source, sheet, number) of rows that stand and whose patient has a refused row."""
        found = self.db.execute(
            "SELECT DISTINCT r.id, r.source, r.sheet, r.number FROM belongs b JOIN row r ON r.id = b.row"  # noqa: S608
            f" WHERE r.state = {MAPPED} AND b.patient IN"
            f" (SELECT c.patient FROM belongs c JOIN row s ON s.id = c.row WHERE s.state = {REFUSED})"
            " ORDER BY r.source, r.sheet, r.number"
        )
        return found.fetchall()

    def makers(self, ref: str) -> list[tuple[int, int, str, int, int]]:
        """(row id, source, sheet, number, make) of the rows that made a resource, in the order of files and rows."""
        found = self.db.execute(
            "SELECT r.id, r.source, r.sheet, r.number, m.make FROM maker m JOIN row r ON r.id = m.row"
            " WHERE m.ref = ?1 OR m.ref IN (SELECT source FROM derived WHERE ref = ?1)"
            " GROUP BY r.id ORDER BY r.source, r.sheet, r.number",
            (ref,),
        )
        return found.fetchall()

    def refuse(self, rows: Iterable[int]) -> None:
        """Refuse rows: what they alone made is gone."""
        ids = [(row,) for row in rows]
        self.db.executemany(f"UPDATE row SET state = {REFUSED} WHERE id = ?", ids)  # noqa: S608  a constant of ours
        self.db.executemany("DELETE FROM maker WHERE row = ?", ids)
        self.db.execute(
            "DELETE FROM made WHERE NOT EXISTS"
            " (SELECT 1 FROM maker WHERE maker.ref = made.ref AND maker.digest = made.digest)"
        )
        self.db.execute(  # of a resource in parts the others keep what they refer to
            "DELETE FROM need WHERE NOT EXISTS"
            " (SELECT 1 FROM made WHERE made.ref = need.ref AND made.digest = need.digest)"
        )

    def dangling(self, types: Iterable[str]) -> list[tuple[str, str]]:
        """(resource, missing target) of references to resources of `types` that no row made."""
        found: list[tuple[str, str]] = []
        for kind in sorted(types):
            found += self.db.execute(
                "SELECT ref, target FROM need WHERE target >= ? AND target < ?"
                " AND NOT EXISTS (SELECT 1 FROM made WHERE made.ref = need.target)",
                (f"{kind}/", f"{kind}0"),
            ).fetchall()
        return found

    def resources(self) -> Iterator[tuple[str, bytes]]:
        """(reference, content) of every resource, in the order of type and id."""
        yield from self.db.execute("SELECT ref, content FROM stands ORDER BY ref")

    def holding(self, kind: str, marks: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        """(reference, content) of resources of a type whose text holds one of the marks; they may be put meanwhile."""
        last = f"{kind}/"
        while page := self.db.execute(
            "SELECT ref, content FROM stands WHERE ref > ? AND ref < ? ORDER BY ref LIMIT 1000", (last, f"{kind}0")
        ).fetchall():
            last = page[-1][0]
            yield from (found for found in page if any(mark in found[1] for mark in marks))

    def content(self, ref: str) -> bytes | None:
        """The content of one resource, None where there is none."""
        found = self.db.execute("SELECT content FROM stands WHERE ref = ?", (ref,)).fetchone()
        return bytes(found[0]) if found else None

    def patients(self) -> list[str]:
        """Every patient that a resource refers to."""
        found = self.db.execute(
            "SELECT DISTINCT target FROM need WHERE target > 'Patient/' AND target < 'Patient0' ORDER BY target"
        )
        return [patient for (patient,) in found]

    def of_patient(self, patient: str) -> list[bytes]:
        """The content of what refers to a patient, and of what that refers to in turn."""
        found = self.db.execute(
            "WITH told (ref) AS (SELECT ref FROM need WHERE target = ?1 UNION"
            " SELECT b.target FROM need a JOIN need b ON b.ref = a.ref WHERE a.target = ?1)"
            " SELECT coalesce((SELECT content FROM whole WHERE ref = told.ref),"
            " (SELECT content FROM made WHERE ref = told.ref)) FROM told ORDER BY ref",  # a view would be scanned
            (patient,),
        )
        return [content for (content,) in found if content is not None]

    def targets(self, sources: Sequence[int]) -> Iterator[str]:
        """References to all that the rows of some sources made, in order."""
        found = self.db.execute(
            "SELECT DISTINCT m.ref FROM maker m JOIN row r ON r.id = m.row"
            " WHERE r.source IN (SELECT value FROM json_each(?1)) UNION"
            " SELECT d.ref FROM derived d JOIN maker m ON m.ref = d.source JOIN row r ON r.id = m.row"
            " WHERE r.source IN (SELECT value FROM json_each(?1)) ORDER BY 1",
            (str(list(sources)),),
        )
        return (ref for (ref,) in found)

    def totals(self) -> dict[int, tuple[int, int, int]]:
        """(skipped, mapped, refused) rows of each source."""
        made: dict[int, list[int]] = {}
        for source, state, count in self.db.execute("SELECT source, state, count(*) FROM row GROUP BY source, state"):
            made.setdefault(source, [0, 0, 0])[state] = count
        return {source: (counts[0], counts[1], counts[2]) for source, counts in made.items()}

    def rows_of(self, source: int, state: int) -> set[tuple[str, int]]:
        """(sheet, number) of the rows of a source in a state."""
        return set(self.db.execute("SELECT sheet, number FROM row WHERE source = ? AND state = ?", (source, state)))

    def source_rows(self, source: int) -> list[int]:
        """The ids of all rows of a source."""
        return [row for (row,) in self.db.execute("SELECT id FROM row WHERE source = ?", (source,))]

    def count(self) -> int:
        """How many resources there are."""
        return int(self.db.execute("SELECT count(*) FROM stands").fetchone()[0])

    def dropped(self) -> int:
        """How many rows repeated a resource that another row made equally."""
        return int(self.db.execute("SELECT count(*) - count(DISTINCT ref) FROM maker").fetchone()[0])

    def close(self) -> None:
        """Give the memory and the temporary file back."""
        self.db.close()
