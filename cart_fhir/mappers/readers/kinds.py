"""What a file is by its first bytes, where its name or the map says otherwise, and what to do with kinds not read."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from cart_fhir.mappers.readers import Unreadable

_AS_XLSX = "Open it in Excel or LibreOffice and save it as .xlsx or as 'CSV UTF-8'."
# end of a name -> what it is, what to do
UNREAD = {
    ".xls": ("an old Excel workbook (.xls)", _AS_XLSX),
    ".xlsb": ("a binary Excel workbook (.xlsb)", _AS_XLSX),
    ".ods": ("an OpenDocument sheet (.ods)", _AS_XLSX),
    ".numbers": ("a Numbers document", "Export it as .xlsx."),
    ".sav": ("an SPSS file", "Export it as CSV, with codes and not labels."),
    ".sas7bdat": ("a SAS file", "Export it as CSV (PROC EXPORT)."),
    ".xpt": ("a SAS transport file", "Export it as CSV (PROC EXPORT)."),
    ".dta": ("a Stata file", "Export it as CSV (export delimited, nolabel)."),
    ".rds": ("an R object", "Write it with write.csv."),
    ".mdb": ("an Access database", "Export its tables as CSV."),
    ".accdb": ("an Access database", "Export its tables as CSV."),
    ".duckdb": (
        "a DuckDB database",
        "Export its tables as Parquet or CSV (COPY ... TO), or name it in a .url file (duckdb:///FILE).",
    ),
    ".feather": ("an Arrow file", "Write it as Parquet or CSV."),
    ".rdata": ("an R workspace", "Write its tables with write.csv."),
    ".pdf": ("a PDF", "Ask for the data it was printed from."),
    ".docx": ("a Word document", "Copy its tables to a workbook and save that as .xlsx."),
    ".zip": ("an archive", "Unpack it; its files can be given one by one or as a folder."),
}
_STARTS = {
    b"\xd0\xcf\x11\xe0": ".xls", b"%PDF": ".pdf", b"$FL2": ".sav", b"$FL3": ".sav", b"PAR1": ".parquet",
    b"<!DOC": ".html", b"<html": ".html", b"<HTML": ".html", b"<?xml": ".xml", b"SQLite format 3": ".sqlite",
    b"RDX": ".rds", b"\x1f\x8b": ".gz",
}  # fmt: skip
_OTHERWISE = {
    ".html": ("a web page", _AS_XLSX), ".xml": ("XML", "Name its format in the map: source: format: cda, odm or fhir."),
    ".parquet": ("a Parquet file", "Name its format in the map: source: format: parquet."),
    ".sqlite": ("a SQLite database", "Name its format in the map: source: format: sql."),
    ".gz": ("packed (gzip)", "Give it a name that ends in .gz."),
    ".xlsx": ("an Excel workbook", "Name its format in the map: source: format: xlsx."),
}  # fmt: skip


def refuse(name: str) -> None:
    """Raise Unreadable for a kind of file that is not read, known by the end of its name."""
    kind = next((end for end in UNREAD if name.lower().endswith(end)), "")
    if kind:
        _raise(kind)


def expect(path: Path, own: str) -> None:
    """Raise Unreadable where the first bytes of a file are those of another kind than `own` (.csv, .xlsx)."""
    try:
        with path.open("rb") as stream:
            start = stream.read(16)
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    kind = next((kind for mark, kind in _STARTS.items() if start.startswith(mark)), "")
    if start[8:12] == b"DUCK":
        kind = ".duckdb"
    if start.startswith(b"PK\x03\x04"):
        kind = _packed(path)
    if kind and kind != own:
        if own == ".xlsx" and kind == ".xls":
            raise Unreadable("The workbook is locked by a password, or is an old one (.xls).", advice=_AS_XLSX)
        _raise(kind)


def _packed(path: Path) -> str:
    """What an archive is by what stands in it."""
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return ".xlsx"  # damaged, as its own reader will say
    for mark, kind in (("xl/workbook.bin", ".xlsb"), ("xl/", ".xlsx"), ("word/", ".docx"), ("content.xml", ".ods")):
        if any(name.startswith(mark) for name in names):
            return kind
    return ".zip"


def _raise(kind: str) -> None:
    what, advice = UNREAD.get(kind) or _OTHERWISE[kind]
    raise Unreadable(f"This is {what}, which is not read{'' if kind in UNREAD else ' like this'}.", advice=advice)
