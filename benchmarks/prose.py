"""English-like text that means nothing: common words as often as in English, rare ones as rarely."""

import random
from itertools import accumulate

_COMMON = """
the to a and of is in you for your on this that with or be can from are it will as by not when if have an each one
at new all which use after then into how more may only also other its no any their first out before time see
up same there was here two where what until while below above must should between than once every them
""".split()
_FIELD = """
account action address administrator agent alert archive article backup balance bandwidth billing browser button
cable calendar card certificate change charge check choose click cluster column command company computer confirm
connection console contact container copy cost create customer daily database date default delete device disk
domain download drive edit email enter error example export field file filter firewall folder form gateway group
guest help host hour image import inbox install invoice item key label language level license limit line link list
local login mail mailbox manage memory menu message minute mobile monitor month move name network number object
open option order owner package page panel password payment period permission phone plan platform policy pool port
portal prefix press price printer private process profile project protocol public queue quota range reboot record
region remote remove rename report request reset resource restore role root route rule save scale schedule screen
script search section security select send server service session setting share sign size snapshot software space
speed start state status step stop storage subject subnet support switch system table tag task team template test
text ticket token tool total traffic transfer type update upgrade upload usage user value version view virtual
volume wait warning web week window wizard work year zone
""".split()
_BEGINNINGS = "bal cor den fal gren hul jor kel lam mor nel or pel quil ras sol tar ul ven wes".split()
_MIDDLES = "a ane ber di en fi gal i lo men ni o rin sta te u".split()
_ENDINGS = "dal der fix gate ing ion ity lar ment nor ra ser sion ster ton ver".split()
_RARE = [begin + middle + end for begin in _BEGINNINGS for middle in _MIDDLES for end in _ENDINGS]


class Prose:
    """Words, sentences and paragraphs, drawn by `rng`."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        rare = rng.sample(_RARE, len(_RARE))
        self._words = [*_COMMON, *_FIELD, *rare]
        self._weights = list(accumulate((rank + 3) ** -1.1 for rank in range(len(self._words))))

    def words(self, number: int) -> list[str]:
        return self.rng.choices(self._words, cum_weights=self._weights, k=number)

    def name(self, number: int) -> str:
        """`number` words of the field, as for a title or a heading."""
        return " ".join(self.rng.choices(_FIELD, k=number)).capitalize()

    def sentence(self, number: int) -> str:
        words = self.words(number)
        if number > 12:
            words[number // 2] += ","
        return " ".join(words).capitalize() + "."

    def line_of_code(self) -> str:
        option, value = self.rng.choices(_FIELD, k=2)
        return f"{self.rng.choice(_RARE)} --{option}={value} /srv/{value}/{self.rng.randrange(100)}.conf"
