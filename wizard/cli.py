"""The `wizard` command. What a command needs is imported when it runs: building needs no database."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from wizard import __version__
from wizard.authoring import add_commands
from wizard.clock import utc_now
from wizard.config import WORKER, Config, is_address, load
from wizard.errors import SetupError


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 the articles have errors or not all could be done, 2 the command could not start."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except SetupError as error:
        for line in str(error).splitlines():
            print(f"wizard: {line}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("wizard: stopped.", file=sys.stderr)
        return 130


def _add_build_arguments(parser: argparse.ArgumentParser) -> None:
    _add_folder(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder to write the site into (default: site)")
    parser.add_argument(
        "--base-url",
        metavar="URL",
        help="public address of the site, with its sub-path, such as https://help.example/kb/",
    )
    parser.add_argument(
        "--jobs", type=_jobs, default=0, metavar="N", help="processes to use (default: one per processor)"
    )
    parser.add_argument("--no-search", action="store_true", help="leave the search index out, which takes longest")
    parser.add_argument("--clean", action="store_true", help="build from nothing, whatever is remembered in .wizard/")
    parser.add_argument("--strict", action="store_true", help="write nothing if an article has an error")
    _add_format(parser)
    parser.set_defaults(run=_run_build)


def _run_build(options: argparse.Namespace) -> int:
    import gc

    gc.disable()  # a build is short and leaves few rings: looking for them is a tenth of its time
    from wizard.pages.build import build

    built = build(
        _config(options),
        utc_now().date(),
        options.jobs,
        options.strict,
        options.clean,
        not options.no_search,
        form=options.format,
    )
    gc.freeze()  # nor is anything looked for at the end
    return 1 if built.errors else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wizard",
        description="Knowledge-base articles whose steps do the thing: build a static site from Markdown, "
        "and serve a wizard in which the steps work on the reader's own account.",
        epilog="Settings come from wizard.toml and from WIZARD_... variables; README.md lists them.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    build = commands.add_parser(
        "build",
        help="write the static site",
        description="Read the articles, print what is wrong with them as path:line: code: what (what to do), and "
        "write the site. Exits with 1 if an article has an error; what can be written is written nevertheless.",
    )
    _add_build_arguments(build)

    check = commands.add_parser(
        "check",
        help="say what is wrong with the articles",
        description="Print what `wizard build` would find, and write nothing. Exits with 1 if there is an error.",
    )
    _add_folder(check)
    _add_format(check)
    check.set_defaults(run=_run_check)

    serve = commands.add_parser(
        "serve",
        help="build, then serve the site and the wizard",
        description="Build the site, bring the database up to date, and serve both with the worker in the same "
        "process, until Ctrl-C.",
    )
    _add_config(serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument(
        "--port", type=_port, default=os.environ.get("PORT", "8000"), help="port to listen on (default: $PORT or 8000)"
    )
    serve.add_argument("--demo", action="store_true", help="add the demo data first, as `wizard demo` does")
    serve.add_argument(
        "--reload",
        action="store_true",
        help="watch articles, theme and settings: what you save is on the open page at once, and so is what is wrong",
    )
    serve.set_defaults(run=_run_serve)

    worker = commands.add_parser(
        "worker",
        help="run the durable work alone, beside a web server of your own",
        description="Run deletions and closures that were confirmed, until Ctrl-C. `wizard serve` has its own worker; "
        "use this one beside gunicorn.",
    )
    _add_config(worker)
    worker.add_argument(
        "--name",
        type=_worker,
        default=WORKER,
        help="this worker's name; it must stay the same over restarts (default: %(default)s)",
    )
    worker.add_argument(
        "--recover",
        type=_worker,
        metavar="NAME",
        help="hand the work of a worker that is dead, and will not start again, to those that run; then end",
    )
    worker.set_defaults(run=_run_worker)

    migrate = commands.add_parser(
        "migrate",
        help="bring the database up to date",
        description="Create or change the tables as this version needs them. Safe to run again, and by several at once.",
    )
    _add_config(migrate)
    migrate.set_defaults(run=_run_migrate)

    demo = commands.add_parser(
        "demo",
        help="add demo accounts, and print how to sign in",
        description="Add two accounts to the embedded provider, with three months of usage, and four logins. What is "
        "there already stays as it is. The passwords are public: never on a system with real customers.",
    )
    _add_config(demo)
    demo.add_argument("--log", action="store_true", help="print the provider's log instead: each thing done, once")
    demo.set_defaults(run=_run_demo)

    audit = commands.add_parser(
        "audit",
        help="print who changed what",
        description="Print the audit, newest last, one deed a line: when, the e-mail address of who did it, the network "
        "address it came from, what, the account, the id or reference of what it was done to, and its idempotency key; "
        "- stands for none. It holds no password, no token and no card number.",
    )
    _add_config(audit)
    audit.add_argument("--account", default="", metavar="ID", help="only what concerns this account")
    audit.set_defaults(run=_run_audit)

    add_commands(commands, _add_folder, _config)
    return parser


def _add_folder(parser: argparse.ArgumentParser) -> None:
    _add_config(parser)
    _add_articles(parser)


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings (default: wizard.toml here, if there is one)"
    )


def _add_articles(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=Path, metavar="DIR", help="folder of Markdown articles (default: articles)")


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="how to print what is wrong: a line each, JSON alone, or a forge's annotations (default: text)",
    )


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("give a number from 0 to 65535")
    return int(text)


def _worker(text: str) -> str:
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,39}", text):
        raise argparse.ArgumentTypeError("give small letters, digits and hyphens")
    return text


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a number of processes from 1")
    return int(text)


def _config(options: argparse.Namespace) -> Config:
    config = load(options.config)
    given = {name: getattr(options, name, None) for name in ("articles", "out")}
    address = getattr(options, "base_url", None)
    if address is not None:
        if not is_address(address):
            raise SetupError(f"--base-url is {address!r} (write https://host/ or https://host/path/).")
        given["address"] = address
    return replace(config, **{name: value for name, value in given.items() if value is not None})


def _run_check(options: argparse.Namespace) -> int:
    from wizard.pages.build import check

    return 1 if check(_config(options), utc_now().date(), form=options.format) else 0


def _run_serve(options: argparse.Namespace) -> int:
    config = _config(options)
    from wizard.serve import serve

    serve(config, options.host, options.port, options.demo, partial(_config, options) if options.reload else None)
    return 0


def _run_worker(options: argparse.Namespace) -> int:
    config = _config(options)
    from wizard.serve import recover, work

    if options.recover:
        taken = recover(config, options.recover)
        pieces = "1 piece" if taken == 1 else f"{taken} pieces"
        print(f"{pieces} of work of {options.recover} taken over; the next worker that runs goes on with it.")
    else:
        work(config, options.name)
    return 0


def _run_migrate(options: argparse.Namespace) -> int:
    config = _config(options)
    from wizard.db import Database
    from wizard.migrations import migrate

    migrate(Database(config.database))
    print("The database is up to date.")
    return 0


def _run_audit(options: argparse.Namespace) -> int:
    config = _config(options)
    from wizard.db import Database
    from wizard.migrations import require_current
    from wizard.records.audit import told

    db = Database(config.database)
    require_current(db)
    nothing = True
    with db.read() as session:
        for line in told(session, options.account):
            print(line)
            nothing = False
    if nothing:
        print("wizard: nothing is noted there.", file=sys.stderr)
    return 0


def _run_demo(options: argparse.Namespace) -> int:
    config = _config(options)
    from wizard import demo
    from wizard.app import make_means
    from wizard.migrations import migrate

    means = make_means(config)
    migrate(means.db)
    if options.log:
        print("\n".join(demo.log_lines(means)) or "The provider has done nothing yet.")
        return 0
    demo.fill(means)
    print("\n".join(demo.sign_in_lines()))
    return 0
