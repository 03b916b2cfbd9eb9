"""Read a text as the one article of a small library."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from wizard.config import Claim
from wizard.content.addresses import RESERVED, WIZARD
from wizard.content.article import Article
from wizard.content.library import Library, load
from wizard.content.policy import ActionRule, Policy

TODAY = date(2026, 11, 21)
NAMES = "sign-in usage-history my-services retrieve-data delete-services request-closure submit-request".split()


def policy(live: bool = True, claims: tuple[Claim, ...] = (), address: str = "") -> Policy:
    portals = {"usage-history": "https://portal.example/usage"}
    rules = {name: ActionRule(live, portals.get(name, "")) for name in NAMES}
    reserved = RESERVED | WIZARD if live else RESERVED
    return Policy(rules, claims, address, ("viewer", "billing-manager", "account-administrator"), reserved)


def read(text: str, with_front_matter: bool = False, live: bool = True) -> Article:
    source = text if with_front_matter else f"---\ntitle: Test\n---\n{text}"
    return library(
        {"test.md": source, "other.md": "---\ntitle: Other article\n---\n[Test](test.md)"}, policy(live)
    ).articles["/test/"]


def library(files: dict[str, str | bytes], rules: Policy | None = None) -> Library:
    """Load these files: path -> content."""
    with TemporaryDirectory() as folder:
        for path, content in files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load(Path(folder), rules or policy(), TODAY)


def findings(files: dict[str, str | bytes], rules: Policy | None = None) -> list[str]:
    """`path:line: code` of each finding, but for orphans, which small libraries are full of."""
    found = library(files, rules).findings
    return [f"{one.path}:{one.line}: {one.code}" for one in found if one.code != "orphan"]
