"""The independent check: HL7's Java validator (HAPI FHIR from Maven Central), offline, on the guide and its examples.

    python implementation_guide/tools/oracle/oracle.py            the package and every example
    python implementation_guide/tools/oracle/oracle.py FOLDER...  these JSON files instead

What it finds must be fixed or stand in accepted.csv with a reason. Needs Java 17 and, the first time, Maven.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import guide_package  # noqa: E402  (a sibling folder of scripts, not an installed package)

CLASSES, LIBRARIES = HERE / "target" / "classes", HERE / "target" / "lib"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the Java validator says about one file."""

    file: str
    severity: str
    location: str
    message: str


def why_not() -> str:
    """Why the oracle cannot run here; empty when it can."""
    if not shutil.which("java"):
        return "no java on this machine"
    if not shutil.which("mvn") and not LIBRARIES.exists():
        return "no mvn on this machine, and its libraries are not here yet"
    return ""


def prepare() -> None:
    """Fetch the libraries and compile, where that has not been done since the sources changed."""
    compiled = CLASSES / "cartfhir" / "Oracle.class"
    newest = max(path.stat().st_mtime for path in (HERE / "pom.xml", *HERE.glob("src/**/*.java")))
    if LIBRARIES.exists() and compiled.exists() and compiled.stat().st_mtime >= newest:
        return
    goals = ["compile", "dependency:copy-dependencies", "-DoutputDirectory=target/lib"]
    subprocess.run(["mvn", "--quiet", "--batch-mode", *goals], cwd=HERE, check=True, timeout=600)


def validate(package: Path, *folders: Path) -> list[Finding]:
    """Errors and warnings on every JSON file below the folders, with the definitions of a FHIR package beside R4's.

    `package` is a .tgz, which HAPI itself opens; what it takes from there is told as findings of severity "loaded".
    """
    prepare()
    command = [
        "java",
        "-Xmx3g",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        f"{LIBRARIES}/*:{CLASSES}:{package.parent}",
        "cartfhir.Oracle",
        package.name,
        *folders,
    ]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=600, check=True)
    return [Finding(*line.split("\t", 3)) for line in done.stdout.splitlines()]


def unexplained(findings: list[Finding], severities: tuple[str, ...] = ("error", "fatal")) -> list[Finding]:
    """The findings of these severities that no row of accepted.csv explains."""
    with (HERE / "accepted.csv").open(encoding="utf-8", newline="") as table:
        accepted = [(re.compile(row["file"]), re.compile(row["message"])) for row in csv.DictReader(table)]
    return [
        finding
        for finding in findings
        if finding.severity in severities
        and not any(file.search(finding.file) and message.search(finding.message) for file, message in accepted)
    ]


def check_guide(*folders: Path) -> list[Finding]:
    """Everything the oracle says about the package, its examples, and the files in further folders."""
    with tempfile.TemporaryDirectory() as folder:
        return validate(_package(Path(folder)), Path(folder) / "package", *folders)


def _package(folder: Path) -> Path:
    """Write package.tgz, and beside it what is in it, and say where."""
    guide_package.write(folder / "package.tgz")
    guide_package.unpack(folder)
    return folder / "package.tgz"


def main(arguments: list[str]) -> int:
    """Print what is not explained; 1 when there is something, 2 when the oracle cannot run."""
    if why_not():
        print(why_not(), file=sys.stderr)
        return 2
    if arguments == ["--prepare"]:
        prepare()
        return 0
    if arguments:
        with tempfile.TemporaryDirectory() as folder:
            findings = validate(_package(Path(folder)), *map(Path, arguments))
    else:
        findings = check_guide()
    left = unexplained(findings, ("error", "fatal", "warning"))
    for finding in left:
        print(f"{finding.severity}: {finding.file} {finding.location}: {finding.message}")
    errors = [finding for finding in left if finding.severity != "warning"]
    told = [finding for finding in findings if finding.severity != "loaded"]
    print(f"{len(findings) - len(told)} definitions loaded from package.tgz", file=sys.stderr)
    print(f"{len(told)} findings, {len(left)} of them not explained, {len(errors)} errors", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
