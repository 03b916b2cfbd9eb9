"""One file becomes one Article, in two passes: its head, then, when all heads are known, its body."""

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from wizard.content import frames, markdown, rawhtml
from wizard.content.addresses import article_address, permalink_address, slug
from wizard.content.article import Article, Attachment, Entry, Link, Step
from wizard.content.checks import portal_homes
from wizard.content.dates import is_ambiguous, parse_date
from wizard.content.findings import Finding
from wizard.content.fragments import blocks, plain
from wizard.content.frontmatter import FrontMatter, Lines, shown, split
from wizard.content.limits import DEEPEST, limit
from wizard.content.links import Resolver
from wizard.content.marks import ACTION, ROOT, action_links, settle_off, to_steps
from wizard.content.outline import Item, Outline, outline
from wizard.content.policy import Policy
from wizard.content.sanitise import sanitise
from wizard.content.shelf import Asker
from wizard.content.stray import stray_actions

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_JOINED_BY_OR = re.compile(r"\bor\b", re.IGNORECASE)
_PLACE = re.compile(rf'="{ROOT}([^"#?]*)')
_SENTENCE_END = re.compile(r"[.!?](\s|$)")


@dataclass(slots=True)
class Head:
    """A file, its front matter taken apart."""

    path: str
    content: bytes = b""
    entry: Entry | None = None
    """None where the front matter is unusable; the findings then hold the error."""
    front: FrontMatter | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def body(self) -> str:
        """Made anew each time, so that nobody holds the text twice."""
        return _text(self.content)[self.front.body_start :]


def read_head(folder: Path, path: str) -> Head:
    """The head of the file `path` below `folder`, and what is wrong with it."""
    try:
        with open(f"{folder}/{path}", "rb") as file:
            return head_of(path, file.read())
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        return Head(path, findings=[Finding(path, 0, "file-unreadable", what, "correct its rights")])


def head_of(path: str, content: bytes) -> Head:
    """The head of an article of which these are the bytes."""
    head = Head(path, content)
    findings = head.findings
    try:
        text = _text(content)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        findings.append(Finding(path, line, "front-matter", "is not UTF-8", "save the file as UTF-8"))
        return head
    front = head.front = split(text, path, findings)
    if front is None:
        return head
    address = article_address(path)
    if permalink := front.values.get("permalink"):
        if own := permalink_address(permalink, path):
            address = own
        else:
            line = front.lines["permalink"]
            mend = "give a path such as /billing/final-invoice/"
            findings.append(Finding(path, line, "value-wrong", f"permalink is {permalink!r}", mend))
    title = front.values.get("title", "")
    if not title:
        heading = _HEADING.search(head.body)
        title = heading[1] if heading else Path(path).stem.replace("-", " ").capitalize()
        findings.append(
            Finding(path, 1, "title-missing", f'no title; "{title}" is used', "add title: to the front matter")
        )
    sticky, keywords = front.values.get("sticky", False), front.values.get("keywords", ())
    line = front.lines["permalink"] if permalink else 1
    head.entry = Entry(path, address, title, sha256(content).hexdigest(), sticky, keywords, line)
    return head


def _text(content: bytes) -> str:
    """Raises UnicodeDecodeError."""
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def read_article(head: Head, ask: Asker, policy: Policy) -> tuple[Article, list[Finding]]:
    """The whole article, and what is wrong with its body."""
    entry, front = head.entry, head.front
    values, lines = front.values, front.lines
    resolver = Resolver(entry, ask, policy)
    read = rawhtml.resolve if values.get("contentIsHTML") else markdown.to_html
    html, is_cut = limit(read(head.body, front.body_line + 1, resolver))
    if is_cut:
        what = f"elements are nested more than {DEEPEST} deep; the inner ones are taken out, and their text stays"
        resolver.find(front.body_line + 1, "nested-too-deep", what, "nest less, and close what is opened")
    html = frames.settle(sanitise(html))
    shape = outline(html, entry.title)
    findings = resolver.findings
    steps = _steps(shape.items, head.path, findings)
    for name in stray_actions(shape):
        line = next(link.line for link in resolver.links if link.action == name)
        mend = "put it into the numbered list of steps, whose numbers follow one another"
        findings.append(Finding(head.path, line, "action-not-step", f"{name} is linked outside the steps", mend))
    if (role := values.get("requires", "")) and role not in policy.roles:
        guess = difflib.get_close_matches(role, policy.roles, n=1)
        mend = f"did you mean {guess[0]}?" if guess else f"use {' or '.join(policy.roles)}"
        findings.append(Finding(head.path, lines["requires"], "role-unknown", f"no role is named {shown(role)}", mend))
    dates = {key: _date(key, values, lines, head.path, findings) for key in ("date", "review_by")}
    homes = {action: step.identity for step in reversed(steps) for action in step.actions}
    intro, outro = (settle_off(to_steps(part, homes)) for part in (shape.intro, shape.outro))
    article = Article(
        path=entry.path,
        address=entry.address,
        title=entry.title,
        content_hash=entry.content_hash,
        sticky=entry.sticky,
        keywords=entry.keywords,
        address_line=entry.address_line,
        summary=shape.summary,
        updated=dates["date"],
        updated_text="" if dates["date"] else str(values.get("date", "")),
        author=values.get("author", ""),
        owner=values.get("owner", ""),
        is_guide=any(step.actions for step in steps),
        redirects=values.get("redirect_from", ()),
        review_by=dates["review_by"],
        products=values.get("related-products", ()),
        requires=values.get("requires", ""),
        attachments=_attachments(values, lines, resolver),
        intro=intro,
        steps=steps,
        outro=outro,
        next_html=settle_off(to_steps(_link_titles(shape, head, resolver), homes)),
        next=_next(head, shape, resolver),
        headings=tuple(shape.headings),
        anchors=frozenset(shape.anchors | {step.anchor for step in steps}),
        links=tuple(resolver.links),
    )
    return article, [*findings, *portal_homes(article, policy)]


def _steps(items: list[Item], path: str, findings: list[Finding]) -> tuple[Step, ...]:
    steps: list[Step] = []
    taken: Counter[str] = Counter()
    for item in items:
        found = action_links(item.html)
        named = tuple(dict.fromkeys(match[1] for match in found))
        live = tuple(name for name in named if f'="{ACTION}{name}"' in item.html)
        between = [item.html[a.end() : b.start()] for a, b in zip(found, found[1:], strict=False)]
        identity = wanted = item.explicit_id or (named[0] if named else slug(item.title))
        while identity in taken:
            taken[wanted] += 1
            identity = f"{wanted}-{taken[wanted]}"
        if identity != wanted:
            what, mend = f"step {item.number} has the identity {wanted} of another step", "give it its own {#id}"
            findings.append(Finding(path, item.line, "step-id-taken", what, mend))
        taken[identity] += 1
        own = dict.fromkeys(live, identity)
        html, words = (settle_off(to_steps(part, own)) for part in (item.html, item.words))
        any_of = bool(between) and all(_is_or(words) for words in between)
        steps.append(Step(item.number, item.title, html, words, item.line, identity, live, any_of))
    return tuple(steps)


def _is_or(html: str) -> bool:
    words = plain(html)
    return bool(_JOINED_BY_OR.search(words)) and not _SENTENCE_END.search(words)


def _date(key: str, values: dict[str, Any], lines: Lines, path: str, findings: list[Finding]) -> date | None:
    if key not in values:
        return None
    parsed = parse_date(values[key])
    if parsed is None:
        why = "can be read in more than one way" if is_ambiguous(values[key]) else "is no date"
        what, mend = f"{key} {shown(values[key])} {why}", "write it as 2026-11-21"
        findings.append(Finding(path, lines[key], "date-unclear", what, mend))
    return parsed


def _attachments(values: dict[str, Any], lines: Lines, resolver: Resolver) -> tuple[Attachment, ...]:
    attachments = []
    for entry in values.get("attachments", ()):
        before = len(resolver.findings)
        address = resolver.link(entry["url"], lines["attachments"], entry["file_name"])
        for place in range(before, len(resolver.findings)):
            finding = resolver.findings[place]
            if finding.code == "link-broken":
                resolver.findings[place] = Finding(
                    finding.path, finding.line, "attachment-missing", finding.what, finding.mend
                )
                address = None
        if address:
            name = entry["file_name"] or entry["url"].rpartition("/")[2]
            attachments.append(
                Attachment(name, settle_off(sanitise(f'<a href="{escape(address)}">{escape(name)}</a>')))
            )
    return tuple(attachments)


def _next(head: Head, shape: Outline, resolver: Resolver) -> tuple[str, ...]:
    """Addresses of the articles named by `next:` that the section does not link already."""
    addresses = []
    linked = {"/" + unquote(found[1]) for found in _PLACE.finditer(shape.next_html)}
    for name in head.front.values.get("next", ()):
        line = head.front.lines["next"]
        address = resolver.ask("titled", name.casefold())
        if address is None and resolver.link(name, line, name) and resolver.links:
            address = resolver.links[-1].address
        if address and address not in linked:
            addresses.append(address)
    return tuple(dict.fromkeys(addresses))


def _link_titles(shape: Outline, head: Head, resolver: Resolver) -> str:
    """The What Is Next section; an item that only names an article becomes its link."""
    html = shape.next_html
    pieces, done = [], 0
    lists = (block for block in blocks(html, 0, len(html)) if block.tag in ("ul", "ol"))
    for item in (item for block in lists for item in blocks(html, block.inner, block.inner_end)):
        inner = html[item.inner : item.inner_end]
        if "<a " in inner:
            continue
        title = plain(inner)
        if address := resolver.ask("titled", title.casefold().rstrip(",.")):
            pieces += [html[done : item.inner], f'<a href="{ROOT}{quote(address[1:])}">{inner}</a>']
            done = item.inner_end
            resolver.links.append(Link(title, shape.next_line, title, address=address))
        else:
            what = f"What Is Next names {shown(title)}, which is no article"
            resolver.findings.append(Finding(head.path, shape.next_line, "next-nowhere", what, "link to an article"))
    return "".join([*pieces, html[done:]])
