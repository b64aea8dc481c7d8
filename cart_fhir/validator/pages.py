"""The validator's pages, written from data: one per rule of the catalogue, and where we differ from the reference.

python -m cart_fhir.validator.pages writes docs/rules and docs/conformance/validator.md; a test holds them equal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cart_fhir.validator.catalogue import RULES, RuleEntry

_WORDS = {
    "fatal": "Nothing more can be checked.",
    "error": "The data are refused.",
    "warning": "The data are accepted; somebody should look.",
    "information": "Nothing is wrong; something could not be checked.",
}


def rule_page(rule: RuleEntry) -> str:
    """The page of one rule, in Markdown."""
    advice = f"\n## What to do\n\n{rule.advice}\n" if rule.advice else ""
    return (
        f"# {rule.id}\n\n{rule.title}\n\n"
        f"- Severity: {rule.severity}. {_WORDS[rule.severity]} Single cases may weigh less; the finding says so.\n"
        f"- Issue code: `{rule.code}`\n"
        f"- The specification: <{rule.clause}>\n{advice}"
    )


def index_page() -> str:
    """All rules in a table."""
    rows = "\n".join(
        f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {rule.code} | {rule.title} |" for rule in RULES.values()
    )
    return f"# Rules of the validator\n\n| rule | severity | issue code | what it finds |\n|---|---|---|---|\n{rows}\n"


def conformance_page(record: list[dict[str, Any]]) -> str:
    """Where we and the reference validator differ on the public cases."""
    parts = [
        "# Agreement with the reference validator\n\n"
        "Written from `validator.yaml` by `python -m cart_fhir.validator.pages`; a test holds it to what is found.\n"
    ]
    for kind, title in (
        ("verdict", "One finds errors, the other none"),
        ("places", "Both find errors, at other places"),
    ):
        rows = "\n".join(f"| {each['run']} | {each['cause']} |" for each in record if each["differs"] == kind)
        parts.append(f"## {title}\n\n| run | cause |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def pages(docs: Path) -> dict[Path, str]:
    """Every page by its path; `docs` is the folder that holds conformance/validator.yaml."""
    import yaml

    record = yaml.safe_load((docs / "conformance" / "validator.yaml").read_text(encoding="utf-8"))
    made = {docs / "rules" / f"{rule.id}.md": rule_page(rule) for rule in RULES.values()}
    made[docs / "rules" / "index.md"] = index_page()
    made[docs / "conformance" / "validator.md"] = conformance_page(record)
    return made


def main() -> None:
    """Write the pages below ./docs."""
    for path, text in pages(Path("docs")).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
