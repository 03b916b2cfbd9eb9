"""Where a link or image leads: an article, a file beside the articles, an action, or outside."""

import difflib
import posixpath
from urllib.parse import SplitResult, quote, unquote, urlsplit

from wizard.content.addresses import asset_address, category_address
from wizard.content.article import Entry, Link
from wizard.content.findings import Finding
from wizard.content.marks import ACTION, OFF, ROOT
from wizard.content.policy import Policy
from wizard.content.sanitise import SAFE_SCHEMES
from wizard.content.shelf import Asker


class Resolver:
    """Resolves the links of one article; collects them and what is wrong with them."""

    def __init__(self, entry: Entry, ask: Asker, policy: Policy) -> None:
        self.path, self.address, self.slug = entry.path, entry.address, entry.slug
        self.ask, self.policy = ask, policy
        self.links: list[Link] = []
        self.findings: list[Finding] = []
        self._images = 0
        self._folder = posixpath.dirname(entry.path)

    def link(self, href: str, line: int, text: str) -> str | None:
        """The href to write, marked where it stays in the house; None: write the text only."""
        claim = self.policy.claimed(href, self.slug, self.path)
        if href[:7].lower() == "action:" or claim:
            action = claim.action if claim else href[7:]
            return self._action(action, href, line, text, is_claim=claim is not None)
        return self._place(href, line, text, is_image=False)

    def image(self, src: str, line: int, alt: str) -> dict[str, str] | None:
        """The attributes to write: its place, marked as links are, its size, and when it loads.
        None: write its description only."""
        if not alt.strip():
            self.find(line, "image-alt", f"{src} has no description", "say in the brackets what it shows")
        placed = self._place(src, line, alt, is_image=True)
        if placed is None:
            return None
        made = {"src": placed}
        if (file := self.links[-1].file) and (size := self.ask("size", file)):
            made["width"], made["height"] = map(str, size)
        self._images += 1
        if self._images > 1:  # the first is likely in sight
            made["loading"], made["decoding"] = "lazy", "async"
        return made

    def _action(self, action: str, href: str, line: int, text: str, is_claim: bool) -> str | None:
        rule = self.policy.actions.get(action)
        if rule is None:
            guess = difflib.get_close_matches(action, self.policy.actions, n=1)
            mend = f"did you mean {guess[0]}?" if guess else "use a name from the list of actions"
            self.find(line, "unknown-action", f"no action is named {action}", mend)
            return href if is_claim else None
        self.links.append(Link(href, line, text, action=action))
        if rule.live:
            return ACTION + action
        return f"{OFF}{action}:{href if is_claim else rule.portal_url}"

    def _place(self, href: str, line: int, text: str, is_image: bool) -> str | None:
        try:
            parts = urlsplit(href)
            _ = parts.netloc and parts.port  # raises for one that is no number
        except ValueError:
            self.find(line, "link-broken", f"{href} is no address", "correct it")
            return None
        own = self.policy.site_address.rstrip("/")
        if own and (href == own or href.startswith(f"{own}/")):
            inside = "/" + href.removeprefix(own).lstrip("/")
            self.find(line, "link-own-address", f"{href} names this site", f"write {inside} or the file's path")
            href, parts = inside, urlsplit(inside)
        if parts.scheme.lower() not in ("", *SAFE_SCHEMES):
            mend = f"only {', '.join(SAFE_SCHEMES)} and places in the site are taken"
            self.find(line, "link-scheme", f"{href} begins with {parts.scheme}:", mend)
            return None
        if parts.scheme or parts.netloc:
            self.links.append(Link(href, line, text, is_image=is_image))
            return f"https:{href}" if not parts.scheme else href
        return self._inside(href, parts, line, text, is_image)

    def _inside(self, href: str, parts: SplitResult, line: int, text: str, is_image: bool) -> str | None:
        path, anchor = unquote(parts.path), unquote(parts.fragment)
        if not path:
            self.links.append(Link(href, line, text, address=self.address, anchor=anchor))
            query = f"?{parts.query}" if parts.query else ""
            return f"{query}#{anchor}" if anchor else ROOT + quote(self.address[1:]) + query
        wanted = posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(self._folder, path))
        if wanted.startswith("../") or wanted == "..":
            self.find(line, "link-outside", f"{href} leaves the articles folder", "put the file inside it")
            return None
        address = self._find_place(href, path, wanted, line)
        if address is None:
            kind, code = ("image", "image-missing") if is_image else ("article or file", "link-broken")
            self.find(line, code, f"{href} leads nowhere", self._guess(wanted, kind))
            return None if is_image else href
        exact, article = self.ask("file", wanted) or ("", "")
        file = "" if article else exact
        self.links.append(Link(href, line, text, address=address, anchor=anchor, is_image=is_image, file=file))
        query = f"?{parts.query}" if parts.query else ""
        return ROOT + quote(address[1:]) + query + (f"#{anchor}" if anchor else "")

    def _find_place(self, href: str, path: str, wanted: str, line: int) -> str | None:
        for candidate in (wanted, f"{wanted}.md"):
            if found := self.ask("file", candidate):
                exact, address = found
                if exact != candidate:
                    self.find(line, "link-case", f"{href} is written in the wrong case", f"the file is {exact}")
                return address or asset_address(exact)
        written = path if path.startswith("/") else posixpath.join(self.address, path)
        normal = posixpath.normpath(written).rstrip("/") + "/"
        for address in (category_address(f"{wanted}/x"), normal, normal.lower()):
            if self.ask("is_page", address):
                return address
        return None

    def _guess(self, wanted: str, kind: str) -> str:
        near = self.ask("near", posixpath.basename(wanted).lower())
        return f"did you mean {near}?" if near else f"no {kind} has this path"

    def find(self, line: int, code: str, what: str, mend: str) -> None:
        self.findings.append(Finding(self.path, line, code, what, mend))
