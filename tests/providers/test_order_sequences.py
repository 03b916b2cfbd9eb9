"""Whatever is ordered, deleted, ended and taken back, in whatever order: the sums are those of a plain model."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.clock import SetClock
from tests.providers.customers import all_that_is_stored, long_ago, new_customer
from tests.providers.plain_model import Free, Life, month_days, rounded
from wizard.account.periods import day_start, local_day, month
from wizard.db import Database
from wizard.errors import ProviderRefused, QuoteExpired
from wizard.providers.billing import Quote
from wizard.providers.embedded import EmbeddedProvider
from wizard.providers.embedded.tables import PriceRow

PRICES = {"hosting-package": 1500, "mailboxes": 1000, "sharepoint-space": 800, "load-balancers": 3}
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/Havana"]
STARTS = [
    datetime(2026, 11, 21, 17, 3, tzinfo=UTC),
    datetime(2028, 2, 27, 12, tzinfo=UTC),
    datetime(2026, 10, 31, 20, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 4, 59, 59, 999999, tzinfo=UTC),
    datetime(2011, 12, 29, 9, 50, tzinfo=UTC),
]
DOMAINS = st.fixed_dictionaries(
    {},
    optional={
        "mailboxes": st.integers(0, 6),
        "sharepoint-space": st.integers(0, 2),
        "hosting-package": st.integers(0, 1),
    },
)
OPERATIONS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 7, 14, 15, 61, 600, 1440, 20_000])),
    st.tuples(st.just("edge"), st.sampled_from([-1, 0, 1, 2])),
    st.tuples(st.just("change"), DOMAINS),
    st.tuples(st.just("change"), DOMAINS),
    st.tuples(st.just("change"), st.fixed_dictionaries({"load-balancers": st.integers(0, 5)})),
    st.tuples(st.just("change"), st.fixed_dictionaries({"load-balancers": st.integers(0, 5)})),
    st.tuples(st.just("quote"), DOMAINS),
    st.tuples(st.just("order"), st.integers(0, 3)),
    st.tuples(st.just("repeat"), st.integers(0, 3)),
    st.tuples(st.just("delete"), st.sampled_from(sorted(PRICES))),
    st.tuples(st.just("end"), st.tuples(st.booleans(), st.sampled_from([-90, -1, 0, 30, 3000]))),
    st.tuples(st.just("go on"), st.booleans()),
    st.tuples(st.just("price"), st.integers(700, 900)),
)


class Story:
    """One account's, told to the provider and to the model alike."""

    def __init__(self, db: Database, zone: str, start: datetime) -> None:
        self.db, self.zone, self.clock, self.keys = db, zone, SetClock(start), count()
        self.provider, self.customer = EmbeddedProvider(db, self.clock), new_customer(db, zone, long_ago(start))
        self.prices, self.credit, self.turn = dict(PRICES), 0, 0
        self.free = {True: Free(), False: Free()}
        self.lives: dict[str, list[Life]] = {name: [] for name in PRICES}
        for name, quantity in (("hosting-package", 1), ("mailboxes", 2), ("load-balancers", 1)):
            self.begin(name, quantity, long_ago(start))
        self.quotes: list[tuple[Quote, int]] = []
        self.ordered: list[tuple[str, Quote, str]] = []
        self.billed: set[str] = set()
        self.price(PRICES["sharepoint-space"])

    def begin(self, name: str, quantity: int, since: datetime) -> None:
        free = [self.free[True]] if name == "load-balancers" else list(self.free.values())
        self.lives[name].append(Life(self.prices[name], name == "load-balancers", free, [(since, quantity)]))

    def had(self, name: str) -> int:
        return self.lives[name][-1].quantity if self.lives[name] else 0

    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    def edge(self, microseconds: int) -> None:
        """To the next month's first midnight, or so far from it."""
        first = day_start(month(local_day(self.clock() + timedelta(minutes=1), self.zone)).end, self.zone)
        self.clock.now = first + timedelta(microseconds=microseconds)

    def close_months(self) -> None:
        """What the invoices of months have used of the credit, or added to it; their sums have tests of their own."""
        for one in self.provider.invoices(self.customer.account).items:
            if one.month and one.number not in self.billed:
                self.billed.add(one.number)
                self.credit += -one.total.minor if one.total.minor < 0 else -one.credit_used.minor

    def change(self, totals: dict[str, int]) -> None:
        self.quote(totals)
        self.order(0)

    def quote(self, totals: dict[str, int]) -> None:
        """Of the domain, or of the account's own load balancers."""
        self.close_months()
        contract = self.customer.whole if "load-balancers" in totals else self.customer.package
        try:
            quote = self.provider.quote(self.customer.account, contract, totals)
        except ProviderRefused:
            return
        today = local_day(self.clock(), self.zone)
        left, days = month_days(today) - today.day + 1, month_days(today)
        for line in quote.lines:
            name, by_the_hour = line.option_id, line.option_id == "load-balancers"
            price = self.lives[name][-1].price if self.had(name) else self.prices[name]
            assert (line.old, line.new, line.unit_price.minor) == (self.had(name), totals[name], price)
            exact = Fraction((line.new - line.old) * price * left, days)
            assert line.amount.minor == (0 if by_the_hour else rounded(exact))
        sum_ = sum(line.amount.minor for line in quote.lines)
        assert (quote.total.minor, quote.credit_used.minor) == (sum_, min(self.credit, max(sum_, 0)))
        self.quotes.append((quote, self.turn))

    def order(self, back: int) -> None:
        """A quote, the newest or one before it."""
        if len(self.quotes) <= back:
            return
        quote, turn = self.quotes[-1 - back]
        key = f"key {next(self.keys)} {self.customer.account}"
        self.close_months()
        before = all_that_is_stored(self.db, self.customer.account)
        holds = turn == self.turn and self.clock() < quote.expires_at
        try:
            done = self.provider.order(self.customer.account, quote.id, self.customer.card, key)
        except QuoteExpired:
            assert not holds, "nothing has changed"
            assert all_that_is_stored(self.db, self.customer.account) == before
            return
        assert self.clock() < quote.expires_at and not any(quote is other for _, other, _ in self.ordered)
        self.turn += 1
        self.ordered.append((key, quote, done.result))
        self.credit += -quote.total.minor if quote.total.minor < 0 else -quote.credit_used.minor
        for line in quote.lines:
            if line.old:
                self.lives[line.option_id][-1].totals.append((self.clock(), line.new))
            else:
                self.begin(line.option_id, line.new, self.clock())

    def repeat(self, back: int) -> None:
        """The same order once more; and its quote under another key, its key for another quote."""
        if len(self.ordered) <= back:
            return
        key, quote, number = self.ordered[-1 - back]
        assert self.provider.order(self.customer.account, quote.id, "", key).result == number
        with pytest.raises(QuoteExpired):
            self.provider.order(self.customer.account, quote.id, self.customer.card, f"other {key}")
        other = next((one for one, _ in self.quotes if one is not quote), None)
        if other:
            with pytest.raises(ProviderRefused, match="belongs to something else"):
                self.provider.order(self.customer.account, other.id, self.customer.card, key)

    def delete(self, name: str) -> None:
        self.clock.advance(microseconds=7)
        there = self.provider.services(self.customer.account).items
        service = next((one for one in there if one.kind.lower().replace(" ", "-") == name), None)
        if service is None:
            return
        try:
            self.provider.delete_service(self.customer.account, service.id, f"delete {service.id}")
        except ProviderRefused:
            assert name == "hosting-package", "others stand on it"
            return
        self.turn += 1
        self.lives[name][-1].totals.append((self.clock(), 0))

    def end(self, how: tuple[bool, int]) -> None:
        """Told now for an instant that may lie ahead, or be past."""
        of_account, minutes = how
        self.clock.advance(microseconds=7)
        at = self.clock() + timedelta(minutes=minutes)
        self.tell(of_account, at)

    def go_on(self, of_account: bool) -> None:
        self.clock.advance(hours=1, microseconds=7)
        self.tell(of_account, None)

    def tell(self, of_account: bool, at: datetime | None) -> None:
        contract = self.customer.whole if of_account else self.customer.package
        self.provider.end_charges(self.customer.account, contract, at, f"tell {next(self.keys)} {contract}")
        self.free[of_account].end(at, self.clock())
        self.clock.advance(microseconds=1)
        self.turn += 1

    def price(self, minor: int) -> None:
        """Of a SharePoint space, for those who have none yet."""
        with self.db.write() as session:
            session.get_one(PriceRow, ("SharePoint space", "USD")).unit_price = minor
        self.prices["sharepoint-space"] = minor
        self.turn += 1

    def check(self) -> None:
        self.clock.advance(microseconds=1)  # what arises now has arisen
        account = self.customer.account
        self.close_months()
        used: Counter = Counter()
        for line in self.provider.usage(account, date(2000, 1, 1)).items:
            used[line.month] += line.amount.minor
        expected: Counter = Counter()
        for life in (one for lives in self.lives.values() for one in lives):
            expected.update(life.months(self.zone, self.clock()))
        assert {one: sum_ for one, sum_ in used.items() if sum_} == {
            one: sum_ for one, sum_ in expected.items() if sum_
        }
        assert self.provider.credit(account).minor == self.credit >= 0
        there = {one.kind.lower().replace(" ", "-"): one.quantity for one in self.provider.services(account).items}
        assert there == {name: self.had(name) for name in PRICES if self.had(name)}
        for contract in (self.customer.whole, self.customer.package):
            for option in self.provider.options(account, contract):
                assert option.quantity == self.had(option.id)
        invoices = {one.number: one.total for one in self.provider.invoices(account).items if one.month is None}
        assert invoices == {number: quote.total for _, quote, number in self.ordered}


@settings(max_examples=settings().max_examples // 8)
@given(st.sampled_from(ZONES), st.sampled_from(STARTS), st.lists(OPERATIONS, min_size=4, max_size=20))
def test_sums_totals_credit_and_invoices_are_those_of_the_model(
    orders_db: Database, zone: str, start: datetime, operations: list[tuple[str, object]]
) -> None:
    story = Story(orders_db, zone, start)
    for name, what in operations:
        getattr(story, name.replace(" ", "_"))(what)
    story.check()
