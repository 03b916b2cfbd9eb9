"""Links inside article HTML are marked when it is read and filled in when it is shown.

The same HTML stands on a static page, whose links are relative, and in the guide, whose are not.

    ROOT<address>              a place in the site
    STEP<identity>/#<action>   an action's place in the guide
    ACTION<action>             an action outside the steps
    OFF<action>:<url or none>  an action that the wizard cannot do here; gone once the article is read
    FRAME<width>x<height>:<address without https://>  a frame that the settings allow; gone likewise

A mark is a scheme that no author can write: its name is made anew by each process. (Processes that
share the work are forked, and have it from their parent.)
"""

import re
import secrets
from collections.abc import Mapping

_NAME = f"kb-{secrets.token_hex(8)}"
ROOT, STEP, ACTION, OFF, FRAME = (f"{_NAME}-{kind}:" for kind in ("root", "step", "action", "off", "frame"))
SCHEMES = {mark.rstrip(":") for mark in (ROOT, STEP, ACTION, OFF, FRAME)}

_ACTION_LINK = re.compile(rf'<a\b[^>]*?\bhref="(?:{ACTION}|{OFF})([a-z0-9-]+)[^"]*"[^>]*>.*?</a>', re.DOTALL)
_ACTION_HREF = re.compile(rf'="{ACTION}([a-z0-9-]+)"')
_STEP_LINK = re.compile(rf'="{STEP}[^"/]*/#')
_OFF_TEXT = re.compile(rf'<a\b[^>]*?\bhref="{OFF}[a-z0-9-]+:"[^>]*>(.*?)</a>', re.DOTALL)
_OFF_LINK = re.compile(rf'="{OFF}[a-z0-9-]+:')


def action_links(html: str) -> list[re.Match[str]]:
    """The links to actions, live ones and others; each match's first group is the action."""
    return list(_ACTION_LINK.finditer(html)) if ACTION in html or OFF in html else []


def settle_off(html: str) -> str:
    """Links of actions that are not live become their portal's links, or text."""
    return _OFF_LINK.sub('="', _OFF_TEXT.sub(r"\1", html)) if OFF in html else html


def to_steps(html: str, homes: Mapping[str, str]) -> str:
    """Links of these actions lead to the step that offers them. homes: action -> the step's identity."""

    def home(found: re.Match[str]) -> str:
        action = found[1]
        return f'="{STEP}{homes[action]}/#{action}"' if action in homes else found[0]

    return _ACTION_HREF.sub(home, html) if homes else html


def on_site(html: str, root: str, wizard: str, slug: str) -> str:
    """HTML for the static page. root: the way to the site's root, ending in `/` (or empty);
    wizard: the way to the wizard, ending in `/`."""
    return (
        html.replace(f'="{ROOT}', f'="{root}')
        .replace(f'="{STEP}', f'="{wizard}guide/{slug}/')
        .replace(f'="{ACTION}', f'="{wizard}account/?action=')
    )


def in_guide(html: str, site: str) -> str:
    """HTML for a step's page in the wizard, where the step's actions stand below it.
    site: the address of the site, ending in `/`."""
    html = _STEP_LINK.sub('="#', html)
    return html.replace(f'="{ROOT}', f'="{site}').replace(f'="{ACTION}', '="/account/?action=')
