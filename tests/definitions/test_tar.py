"""Archives from strangers: what is read, and every way in which one is refused."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cart_fhir.definitions.tar import Limits, read_files
from cart_fhir.errors import BadRequest, BadSyntax, CartFHIRError, TooLarge

Fill = Callable[[tarfile.TarFile], None]


def put(archive: tarfile.TarFile, name: str, content: bytes = b"{}", **fields: object) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    archive.addfile(info, io.BytesIO(content))


def archive(path: Path, *names: str, fill: Fill | None = None, format: int = tarfile.PAX_FORMAT) -> Path:
    with tarfile.open(path, "w:gz", format=format) as made:
        for name in names:
            put(made, name)
        if fill:
            fill(made)
    return path


LONG = "package/" + "long" * 60 + ".json"


@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_regular_files_are_read_in_every_common_format(tmp_path: Path, format: int) -> None:
    names = ["package/package.json", "./package/a.json", "package/ü.json"]
    if format != tarfile.USTAR_FORMAT:
        names.append(LONG)

    def fill(made: tarfile.TarFile) -> None:
        put(made, "package/folder", b"", type=tarfile.DIRTYPE)
        put(made, "package/big.json", b"x" * 1300)

    found = dict(read_files(archive(tmp_path / "p.tgz", *names, fill=fill, format=format)))
    assert list(found) == [name.removeprefix("./") for name in names] + ["package/big.json"]
    assert found["package/big.json"] == b"x" * 1300


@pytest.mark.parametrize(
    "name",
    ["../evil.json", "package/../../evil.json", "/etc/evil.json", "package\\..\\evil.json", "C:/evil.json",
     "package/..", "package/\x07.json", "package/a.json/../../../b.json"],
)  # fmt: skip
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadRequest, match="leads outside"):
        list(read_files(archive(tmp_path / "p.tgz", name)))


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    path = archive(
        tmp_path / "p.tgz", fill=lambda made: put(made, "package/a.json", b"", type=kind, linkname="/etc/passwd")
    )
    with pytest.raises(BadRequest, match="link or a device"):
        list(read_files(path))


@pytest.mark.parametrize("names", [("package/a.json", "package/a.json"), ("package/a.json", "package/A.JSON"),
                                   ("package/a.json", "package/./a.json")])  # fmt: skip
def test_a_name_given_twice_is_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    with pytest.raises(BadRequest, match="twice"):
        list(read_files(archive(tmp_path / "p.tgz", *names)))


@pytest.mark.parametrize(
    "limits", [Limits(total=2000), Limits(file=1000), Limits(members=2)], ids=["total", "one file", "members"]
)
def test_more_than_the_limits_is_refused(tmp_path: Path, limits: Limits) -> None:
    def fill(made: tarfile.TarFile) -> None:
        for number in range(3):
            put(made, f"package/{number}.json", b" " * 1001)

    with pytest.raises(TooLarge):
        list(read_files(archive(tmp_path / "p.tgz", fill=fill), limits))


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A header that promises a terabyte, and a long name of a gigabyte, are refused before they are read."""
    for kind in (tarfile.REGTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE):
        info = tarfile.TarInfo("package/a.json")
        info.type, info.size = kind, 1 << 32
        path = tmp_path / "bomb.tgz"
        path.write_bytes(gzip.compress(info.tobuf(tarfile.GNU_FORMAT)))
        with pytest.raises(TooLarge):
            list(read_files(path))


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    whole = archive(tmp_path / "p.tgz", "package/a.json").read_bytes()
    inside = gzip.decompress(whole)
    broken = {
        "cut": whole[:-20],
        "no gzip": b"PK\x03\x04" + whole,
        "empty": b"",
        "bad header": gzip.compress(inside.replace(b"package/a.json", b"package/b.json", 1)),
        "no end": gzip.compress(inside[:512]),
        "no tar": gzip.compress(b"hello" * 200),
    }
    for name, content in broken.items():
        path = tmp_path / "broken.tgz"
        path.write_bytes(content)
        with pytest.raises(BadSyntax):
            list(read_files(path))
        assert name


PIECES = [b"0", b"5", b"x", b"g", b"L", b"2", b"\0", b"8", b"30 path=package/other.json\n"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3000), st.one_of(st.binary(max_size=8), st.sampled_from(PIECES))), max_size=4))
def test_no_archive_breaks_the_reader(tmp_path: Path, edits: list[tuple[int, bytes]]) -> None:
    content = bytearray(gzip.decompress(archive(tmp_path / "p.tgz", "package/a.json", LONG).read_bytes()))
    for at, piece in edits:
        content[at : at + len(piece)] = piece
    # Headers are given the right sum again, so that the edits are read and not merely refused.
    for at in range(0, len(content) - 511, 512):
        block = content[at : at + 512]
        if block[257:262] == b"ustar":
            block[148:156] = b" " * 8
            content[at + 148 : at + 156] = b"%06o\0 " % sum(block)
    path = tmp_path / "edited.tgz"
    path.write_bytes(gzip.compress(bytes(content), 1))
    try:
        names = [name for name, _ in read_files(path)]
    except CartFHIRError:
        return
    assert not any(name.startswith("/") or ".." in name for name in names)
