"""How fast the live wizard is, with large accounts: `python benchmarks/acting.py`."""

import argparse
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from accounts import DEMO, KEPT, YEARS, account_ids, account_of, kept, open_wizard
from deleting import deletions_per_second
from opening import Opened, open_pages, plans, visitor
from serving import BARE, requests_per_second, serving, signed_in

from wizard.app import create_app

_GUIDE_STEP = "/guide/closing-your-account/{}/?account={}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the guide, its pages of large accounts, and deletions.")
    parser.add_argument("--services", type=int, default=5000, help="of my-services (default: %(default)s)")
    parser.add_argument("--used", type=int, default=200, help="services with usage by the hour (default: %(default)s)")
    parser.add_argument("--months", type=int, default=36, help="of usage, and the present one (default: %(default)s)")
    parser.add_argument("--deletions", type=int, default=100, help="services a round (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=4, help="at once (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=4, help="of requests a round (default: %(default)s)")
    parser.add_argument("--keep", type=Path, metavar="DIR", default=KEPT, help="of years of usage, for the next time")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds (default: %(default)s)")
    options = parser.parse_args()
    print(
        f"{options.repeat} rounds; {platform.system()} {platform.machine()}, Python {platform.python_version()}; SQLite\n"
    )
    print("| | wizard | beside it | | ratio |", "|---|---|---|---|---|", sep="\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="wizard-benchmark-") as scratch:
        _guide(Path(scratch, "guide"), options)
        _deletions(Path(scratch, "deletions"), options)
        _services(Path(scratch, "services"), options)
    _usage(options)
    return 0


def _guide(data: Path, options: argparse.Namespace) -> None:
    _, means = open_wizard(data)
    step = _GUIDE_STEP.format("usage-history", account_ids(means)[DEMO])
    with serving(data) as port:
        headers = signed_in(port)
        rates: dict[str, list[float]] = {step: [], BARE: []}
        for path in rates:  # templates are compiled, connections opened
            requests_per_second(port, path, headers, options.clients, options.seconds / 4)
        for _ in range(options.repeat):
            for path, found in rates.items():
                found.append(requests_per_second(port, path, headers, options.clients, options.seconds))
    _row("a guide's step, requests a second", rates[step], "a bare Flask page", rates[BARE], "{:,.0f}")


def _deletions(data: Path, options: argparse.Namespace) -> None:
    config, means = open_wizard(data)
    account = account_of(means, "To delete", options.deletions * options.repeat * 10 // 9 + 10)
    ours, bare = deletions_per_second(config, means, account, options.repeat)
    _row("durable deletions a second", ours, "empty steps of the engine", bare, "{:,.0f}")


def _services(data: Path, options: argparse.Namespace) -> None:
    config, means = open_wizard(data)
    large, small = account_of(means, "Many services", options.services), account_ids(means)[DEMO]
    client = visitor(create_app(config, means))
    paths = [f"/account/{one}/my-services/{query}" for one in (large, small) for query in ("", "?q=server&page=2")]
    found = open_pages(client, paths, options.repeat * 3)
    for path, name in zip(paths[:2], ("my-services", "my-services, a search"), strict=True):
        _pages_row(f"{name}, {options.services:,} services", found, path, paths[2])


def _usage(options: argparse.Namespace) -> None:
    data = kept(options.keep, options.used, options.months)
    config, means = open_wizard(data)
    accounts = account_ids(means)
    client = visitor(create_app(config, means))
    small, large = (f"/account/{accounts[name]}/usage-history/" for name in (DEMO, YEARS))
    found = open_pages(client, [small, large, f"{large}?until=2024-12"], options.repeat * 3)
    name = f"usage-history, {options.used:,} services by the hour, {options.months} months"
    _pages_row(name, found, large, small)
    _pages_row("the same, two years back", found, f"{large}?until=2024-12", small)
    print("\nThe plan of usage-history:\n")
    for line in plans(means.db, lambda: client.get(large), "embedded_usage_month"):
        print(f"    {line}")


def _pages_row(name: str, found: dict[str, Opened], path: str, small: str) -> None:
    large, demo = found[path], found[small]
    for what, of in (("milliseconds", "seconds"), ("processor ms", "processor")):
        ours, beside = ([1000 * one for one in getattr(page, of)] for page in (large, demo))
        _row(f"{name} ({large.size / 1024:.0f} KiB), {what}", ours, "the demo account", beside, "{:,.1f}")


def _row(name: str, ours: Sequence[float], other: str, beside: Sequence[float], form: str) -> None:
    """The ratio is the median of the rounds' own, for what slows the machine slows both."""
    ratio = median(one / base for one, base in zip(ours, beside, strict=True))
    shown = [form.format(median(ours)), other, form.format(median(beside)), f"{ratio:.2f}"]
    print(f"| {name} | {' | '.join(shown)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
