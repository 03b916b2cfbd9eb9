"""What articles are read against: the actions there are, the claims on ordinary links, the addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch

from wizard.config import Claim
from wizard.content.addresses import RESERVED


@dataclass(frozen=True, slots=True)
class ActionRule:
    live: bool
    """The wizard can do it here; otherwise its link becomes the portal's, or text."""
    portal_url: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    actions: Mapping[str, ActionRule] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    site_address: str = ""
    roles: tuple[str, ...] = ()
    """Names of the roles that an article may require."""
    reserved: frozenset[str] = RESERVED
    """First parts of addresses that no article or file may have."""
    video_hosts: tuple[str, ...] = ()
    """Hosts whose pages may stand in a frame."""

    def claimed(self, href: str, slug: str, path: str) -> Claim | None:
        """The first claim that makes `href` an action's link in this article."""
        wanted = _comparable(href)
        for claim in self.claims:
            if _comparable(claim.link) == wanted and _covers(claim, slug, path):
                return claim
        return None


def _covers(claim: Claim, slug: str, path: str) -> bool:
    if not claim.articles:
        return True
    names = (slug, path, path.removesuffix(".md"))
    return any(fnmatch(name, pattern) for pattern in claim.articles for name in names)


def _comparable(href: str) -> str:
    """Host and scheme know no case, and a last slash says nothing."""
    scheme, colon, rest = href.partition(":")
    if not colon:
        return href.rstrip("/")
    host, slash, path = rest.removeprefix("//").partition("/")
    return f"{scheme.lower()}:{host.lower()}{slash}{path}".rstrip("/")
