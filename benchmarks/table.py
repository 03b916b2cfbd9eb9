"""What was measured, as a table in Markdown."""

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from contenders import article_files
from measure import Result

_MIB = 2**20


def described(folder: Path, rounds: int) -> str:
    """One line: what was measured, and on what."""
    files = article_files(folder)
    size = sum(file.stat().st_size for file in files) / 1e6
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{len(files)} articles, {size:.2f} MB; {rounds} rounds; {processors} processors, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def table(results: Mapping[str, Result], floor: str) -> str:
    """floor: the row that the others are divided by."""
    lines = [
        "| | seconds | least to most | times the floor | processor s | MiB, itself | MiB, its largest child |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, result in results.items():
        own, child = (f"{peak / _MIB:.0f}" if peak else "" for peak in result.peak)
        lines.append(
            f"| {name} | {median(result.wall):.2f} | {min(result.wall):.2f} to {max(result.wall):.2f} "
            f"| {ratio(result, results[floor]):.2f} | {median(result.cpu):.2f} | {own} | {child} |"
        )
    return "\n".join(lines)


def ratio(result: Result, base: Result) -> float:
    """The median of the rounds' own ratios, for both ran in each round under the same conditions."""
    return median(one / other for one, other in zip(result.wall, base.wall, strict=True))
