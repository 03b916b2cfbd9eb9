"""What only shows when an article is whole, and when all are known."""

import difflib
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from wizard.content.article import Article, Card, Link
from wizard.content.findings import Finding
from wizard.content.policy import Policy

_FEW = 100
"""Places of a page among which it is worth while to look for one that is meant."""


def check(articles: Mapping[str, Card], policy: Policy) -> list[Finding]:
    """articles: by address."""
    findings = [*_claims(articles, policy), *_orphans(articles)]
    for article in articles.values():
        findings += _anchors(article, articles)
    return findings


def _anchors(article: Card, articles: Mapping[str, Card]) -> Iterator[Finding]:
    for link in article.links:
        target = articles.get(link.address)
        if link.anchor and target and link.anchor not in target.anchors:
            what = f"{link.target} names a place that {target.path} does not have"
            yield Finding(article.path, link.line, "link-anchor", what, _near(link.anchor, target.anchors))


def _near(anchor: str, anchors: frozenset[str]) -> str:
    if anchor.lower() in anchors:
        return f"write it as #{anchor.lower()}"
    near = difflib.get_close_matches(anchor, anchors, n=1, cutoff=0.7) if len(anchors) < _FEW else []
    return f"did you mean #{near[0]}?" if near else _some(anchors)


@lru_cache(maxsize=64)
def _some(anchors: frozenset[str]) -> str:
    """Names a few; remembered, for a page of a thousand places may be asked for a thousand that it lacks."""
    return f"it has {', '.join(sorted(anchors)[:5])}" if anchors else "it has no anchors"


def _claims(articles: Mapping[str, Card], policy: Policy) -> Iterator[Finding]:
    used = {(link.target, link.action) for article in articles.values() for link in article.links if link.action}
    for claim in policy.claims:
        if claim.action not in policy.actions:
            what = f"a claim names the action {claim.action}, which there is not"
            yield Finding("wizard.toml", 0, "unknown-action", what, "use a name from the list of actions")
        elif not any(action == claim.action and _same(target, claim.link) for target, action in used):
            what = f"no link to {claim.link} is claimed for {claim.action}"
            yield Finding(
                "wizard.toml", 0, "claim-unused", what, "correct the link or its articles, or remove the claim"
            )


def _same(target: str, link: str) -> bool:
    return target.rstrip("/").casefold() == link.rstrip("/").casefold()


def _orphans(articles: Mapping[str, Card]) -> Iterator[Finding]:
    reached = set()
    for article in articles.values():
        reached.update(link.address for link in article.links if link.address != article.address)
        reached.update(article.next)
    for article in articles.values():
        if article.address not in reached and not article.sticky and len(articles) > 1:
            yield Finding(article.path, 1, "orphan", "no article leads here", "link to it from one that does")


def _portal_hosts(policy: Policy) -> set[str]:
    urls = [claim.link for claim in policy.claims] + [rule.portal_url for rule in policy.actions.values()]
    return {host for url in urls if (host := urlsplit(url).netloc.lower())}


def portal_homes(article: Article, policy: Policy) -> Iterator[Finding]:
    """A step that only sends the reader to a portal's front door does not say where the thing is done."""
    portals = _portal_hosts(policy) if article.steps else set()
    if not portals:
        return
    lines = [step.line for step in article.steps]
    inside: dict[int, list[Link]] = defaultdict(list)
    for link in article.links:
        inside[bisect(lines, link.line) - 1].append(link)
    for place, step in enumerate(article.steps):
        links = inside[place]
        if len(links) != 1 or step.actions:
            continue
        parts = urlsplit(links[0].target)
        if parts.netloc.lower() in portals and parts.path in ("", "/"):
            what = f"step {step.number} only links to {links[0].target}, a portal's home page"
            yield Finding(
                article.path, step.line, "portal-home", what, "link to the page where it is done, or an action"
            )
