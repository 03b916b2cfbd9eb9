"""The Markdown parser, with no more rules than a text can need.

Every rule is asked of every line, or of every sign that might begin something. Without those that could
never answer for this text the HTML is the same, and takes two thirds of the time.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from wizard.content import callouts, templates

DEEPEST = 100
_SIGNS = {
    "normalize": ("\r", "\0"),
    "text_join": ("&", "\\"),
    "entity": ("&",),
    "autolink": ("<",),
    "html_block": ("<",),
    "html_inline": ("<",),
    "blockquote": (">",),
    "table": ("|",),
    "strikethrough": ("~",),
    "backticks": ("`",),
    "escape": ("\\",),
    "reference": ("]:",),
    "fence": ("```", "~~~"),
}
"""Rule -> what a text has, one or the other, where the rule has something to do."""
_LINE_ENDS = {
    "lheading": [re.compile(rf"{sign}[ \t\r]*$", re.MULTILINE) for sign in "-="],
    "hr": [re.compile(rf"{sign}[ \t]*{sign}[ \t]*{sign}[ \t\r]*$", re.MULTILINE) for sign in (r"\*", "-", "_")],
}
"""The same, for rules that want the end of a line. One pattern for each sign: a set of signs is looked for
six times as slowly."""
_TURNING = re.compile(r"[\n!&*<\[\\\]_`~]")
"""Signs at which one of our rules may begin; the parser's own list has those of all its plugins too."""
_PLAIN_ADDRESS = re.compile(r"(?:https?://[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){1,4}/|(?!/))[A-Za-z0-9_./#-]*")


@lru_cache(maxsize=128)
def _parser(left_out: frozenset[str], has_blocks: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    parser.validateLink = lambda _url: True  # the resolver says what is wrong
    parser.normalizeLink = _normal_address
    parser.helpers = templates.HELPERS
    parser.add_render_rule("callout_open", callouts.render)
    parser.disable(left_out)
    parser.core.ruler.at("inline", _inline)
    if has_blocks:
        from wizard.content import footnotes

        footnotes.enable(parser)
        parser.block.ruler.before(
            "fence", "callout", callouts.colons, {"alt": ["paragraph", "reference", "blockquote", "list"]}
        )
    else:
        parser.inline.terminator_re = _TURNING
    return parser


def parser_for(text: str) -> MarkdownIt:
    """A parser that reads this text as one with all rules would."""
    out = [rule for rule, signs in _SIGNS.items() if not any(sign in text for sign in signs)]
    out += [rule for rule, ends in _LINE_ENDS.items() if not any(end.search(text) for end in ends)]
    return _parser(frozenset(out), "[^" in text or ":::" in text)


def _inline(state: StateCore) -> None:
    """As the parser's own, which starts all its rules for words without a sign too."""
    parser = state.md.inline
    for token in state.tokens:
        if token.type == "inline":
            if parser.terminator_re.search(token.content):
                parser.parse(token.content, state.md, state.env, token.children)
            elif token.content:
                token.children.append(Token("text", "", 0, content=token.content))


def _normal_address(address: str) -> str:
    """As the parser's own, which takes an address to pieces where nothing is to be changed."""
    return address if _PLAIN_ADDRESS.fullmatch(address) else normalizeLink(address)
