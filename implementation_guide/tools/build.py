"""`make guide`: FSH -> the data that cart_fhir ships, and the published form of the guide.

    implementation_guide/input/fsh  --SUSHI-->  fsh-generated  --finish-->  cart_fhir/profiles/data  --site-->  output

Only this program writes into cart_fhir/profiles/data. It needs Node (for SUSHI) and PyPI (for the R4 core package);
who uses cart_fhir needs neither.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import compile_fsh
import guide_data

SITE = Path(__file__).parent / "site" / "build_site.py"


def main() -> int:
    """Compile, finish, write; then render the site from what was written."""
    try:
        compile_fsh.run()
    except (RuntimeError, OSError) as problem:
        print(f"make guide: {problem}", file=sys.stderr)
        return 1
    guide_data.write(guide_data.DATA, compile_fsh.resources())
    count = json.loads((guide_data.DATA / "manifest.json").read_text())["definitions"]
    print(f"{guide_data.DATA.relative_to(guide_data.GUIDE.parent)}: {count} definitions")
    return subprocess.run([sys.executable, SITE], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
