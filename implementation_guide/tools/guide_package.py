"""The guide as a FHIR NPM package (package.tgz), which HAPI, Firely and our server load; made without Node."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

from cart_fhir.definitions.pack import Pack
from cart_fhir.formats import json as fhir_json

Json = dict[str, Any]

DATA = Path(__file__).parents[2] / "cart_fhir" / "profiles" / "data"
_INDEXED = ("resourceType", "id", "url", "version", "kind", "type")


def definitions() -> list[Json]:
    """Every conformance resource of the guide, with snapshots and expansions, by type and URL."""
    pack = Pack(DATA / "guide.pack")
    return [pack.read(entry.record) for entry in pack.entries]


def examples() -> list[Json]:
    """Every example of the guide, by type and id."""
    lines = gzip.decompress((DATA / "examples.ndjson.gz").read_bytes()).splitlines()
    return [fhir_json.loads(line) for line in lines]


def files() -> dict[str, bytes]:
    """Path in the package -> content."""
    found = {"package/package.json": (DATA / "package.json").read_bytes()}
    for folder, resources in (("package", definitions()), ("package/example", examples())):
        index = []
        for resource in resources:
            name = f"{resource['resourceType']}-{resource['id']}.json"
            found[f"{folder}/{name}"] = fhir_json.dumps(resource)
            index.append(
                {"filename": name, **{key: resource[key] for key in _INDEXED if isinstance(resource.get(key), str)}}
            )
        found[f"{folder}/.index.json"] = json.dumps({"index-version": 2, "files": index}, indent=1).encode()
    return found


def write(path: Path) -> None:
    """Write package.tgz; the same guide gives the same bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files().items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.mode = 0o644
            archive.addfile(member, io.BytesIO(content))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(buffer.getvalue(), mtime=0))


def unpack(folder: Path) -> None:
    """Write the files of the package below a folder, replacing what an earlier run left there."""
    for name, content in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
