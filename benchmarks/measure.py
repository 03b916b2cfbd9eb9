"""Whole processes measured: time, processor time and memory, of contenders who take turns."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PROC = Path("/proc")
_POLL_SECONDS = 0.005
_ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("WIZARD_") and name != "PYTHONDONTWRITEBYTECODE"  # or each run compiles all of Python's code
}


@dataclass(frozen=True)
class Contender:
    name: str
    commands: Callable[[Path], list[list[str]]]
    """To run one after the other; they may write into the new folder that they are given."""
    cwd: Path
    prepare: Callable[[], None] = lambda: None
    """What comes before each run and is not measured."""
    accepted: tuple[int, ...] = (0,)
    """Exit statuses of a run that counts."""
    is_optional: bool = False
    """It is left out where it fails."""


@dataclass
class Result:
    wall: list[float] = field(default_factory=list)
    """Seconds, one for each round."""
    cpu: list[float] = field(default_factory=list)
    """Seconds of user and system, of all processes together."""
    peak: tuple[int, int] = (0, 0)
    """Bytes of resident memory at most: the process itself, and the largest that it started (0: none,
    or a system without /proc)."""


class Failed(Exception):
    """A command ended with a status that does not count, or with a trace."""


def take_turns(contenders: Sequence[Contender], rounds: int, work: Path) -> dict[str, Result]:
    """By name. In each round every contender runs once, and another begins; a first round that is not
    timed warms the caches and watches the memory. Ends the program where one fails that is not optional."""
    results = {}
    for one in contenders:
        try:
            results[one.name] = Result(peak=_once(one, work, is_watched=True)[2])
        except Failed as error:
            if not one.is_optional:
                raise SystemExit(f"{one.name}: {error}") from error
            print(f"{one.name} is left out: {error}", file=sys.stderr)
    running = [one for one in contenders if one.name in results]
    for number in range(rounds):
        print(f"round {number + 1} of {rounds} ...", file=sys.stderr, flush=True)
        first = number % len(running)
        for one in running[first:] + running[:first]:
            wall, cpu, _ = _once(one, work, is_watched=False)
            results[one.name].wall.append(wall)
            results[one.name].cpu.append(cpu)
    return results


def _once(one: Contender, work: Path, is_watched: bool) -> tuple[float, float, tuple[int, int]]:
    """Seconds, processor seconds and peaks of one run.

    What it wrote stays until all have run: a file system without a journal looks long for room among
    files that were just deleted, and that would be charged to whoever comes next.
    """
    one.prepare()
    out = Path(tempfile.mkdtemp(dir=work)) / "out"
    wall = cpu = 0.0
    own = child = 0
    for command in one.commands(out):
        with tempfile.TemporaryFile() as said:
            began = time.perf_counter()
            process = subprocess.Popen(command, cwd=one.cwd, env=_ENVIRONMENT, stdout=said, stderr=said)
            peaks = _watch(process.pid) if is_watched and _PROC.is_dir() else (0, 0)
            _, status, usage = os.wait4(process.pid, 0)
            wall += time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            words = said.read().decode(errors="replace")
            if process.returncode not in one.accepted or "Traceback" in words:
                last = words.strip().rpartition("\n")[2] or "it said nothing"
                raise Failed(f"{' '.join(command)} ended with {process.returncode}: {last}")
        cpu += usage.ru_utime + usage.ru_stime
        own, child = max(own, peaks[0]), max(child, peaks[1])
    return wall, cpu, (own, child)


def _watch(pid: int) -> tuple[int, int]:
    """Look at the process and all below it until it ends. Returns the peaks of itself and of its largest."""
    own = child = 0
    while (peak := _peak(pid)) is not None:
        own = max(own, peak)
        child = max([child, *(_peak(one) or 0 for one in _below(pid))])
        time.sleep(_POLL_SECONDS)
    return own, child


def _peak(pid: int) -> int | None:
    """None when the process has ended."""
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), None)


def _below(pid: int) -> list[int]:
    found = []
    try:
        for thread in (_PROC / str(pid) / "task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                found += [child, *_below(child)]
    except OSError:
        pass
    return found
