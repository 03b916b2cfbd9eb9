"""The parser leaves out the rules that a text cannot need, and reads it as one with all rules does."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import rules_core
from markdown_it.common.normalize_url import normalizeLink

from wizard.content import parser

_BITS = r"""a|b c|
|

| |    |- |* |1. |> |# |---|===|***|* * *|_|__|*|**|`|``|```|~~~|~~|~|:-|<b>|</b>|<div>|<http://x.y>|&amp;|&|\|\*|[|]|](|(x)|)
|[a]|[a]: /b|![|!|{|{:.x}|{{ site.url }}|x y.md|https://a.b/c|//h|=|-|]:|"t"|[^1]|[^1]: note|:::note"""
_SIGNS = [*_BITS.split("|"), "|", "| - |", "|-|-|", "\t", "\r\n", "\0"]


@given(st.lists(st.sampled_from(_SIGNS), max_size=24).map("".join))
def test_a_text_reads_the_same_without_the_rules_that_it_cannot_need(text):
    everything = parser._parser.__wrapped__(frozenset(), "[^" in text or ":::" in text)
    everything.core.ruler.at("inline", rules_core.inline)
    assert parser.parser_for(text).render(text) == everything.render(text)


@given(st.one_of(st.from_regex(parser._PLAIN_ADDRESS, fullmatch=True), st.text()))
def test_an_address_is_made_normal_as_the_parser_does_it(address):
    assert parser._normal_address(address) == normalizeLink(address)


def test_signs_at_which_no_rule_of_ours_begins_do_not_stop_a_text():
    everything = re.compile(r"[\n!#$%&*+\-:<=>@\[\\\]^_`{}~]")
    text = "a-b: c = {d} + 50 % of #1 > $2 @e ^f (**g**, _h_, ~~i~~, `j`, [k](l), ![m](n))"
    ours = parser._parser(frozenset(), has_blocks=False)
    theirs = parser._parser.__wrapped__(frozenset(), has_blocks=False)
    theirs.inline.terminator_re = everything
    assert ours.render(text) == theirs.render(text)
