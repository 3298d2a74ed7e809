"""The `lingka` command: what an operator needs, each in one word."""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from lingka.ops.postgres import PostgresError, default_cluster
from lingka.ops.run import say

Command = Callable[[argparse.Namespace], int]


def console() -> int:
    """The installed command: told to stop at any moment, it still puts everything away."""

    def end(number: int, frame: FrameType | None) -> None:
        del frame
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` had it ignored
    return main()


def main(arguments: list[str] | None = None) -> int:
    """Parse, start the embedded database if it is used, run the command."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command: Command = options.command
    try:
        with _database(wanted=not getattr(options, "without_database", False)):
            return command(options)
    except PostgresError as error:
        say(f"The database does not run. {error}")
        return 1
    except _away() as error:
        say(f"The database does not answer. Is DATABASE_URL right? {str(error).strip()}")
        return 1
    except KeyboardInterrupt:
        return 130


def _away() -> type[Exception]:
    """Loaded late: naming Django's error must not need Django's settings."""
    from django.db import OperationalError

    return OperationalError


@contextlib.contextmanager
def _database(*, wanted: bool) -> Iterator[None]:
    """The embedded cluster for the time of the command, unless DATABASE_URL names another."""
    if wanted and not os.environ.get("DATABASE_URL"):
        with default_cluster().used():
            yield
    else:
        yield


def _django() -> None:
    import django

    django.setup()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lingka", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(command=command)
        return one

    add("run", _run, "prepare everything, then server and worker in this terminal")
    add("serve", _serve, "the web server, under a supervisor of yours")
    add("worker", _worker, "the worker, under a supervisor of yours")
    add("demo", _demo, "build the demo city in an empty database").add_argument(
        "--figures", type=Path, help="also write what it holds into this page"
    )
    _add_import(add("import", _import, "read areas, places or requests from a file"))
    _add_exchange(add("exchange", _exchange, "files and Open311 to and from another platform"))
    add("doctor", _doctor, "say what is not well, and what to do").set_defaults(
        without_database=True
    )
    _add_rules(add("rules", _rules, "put a town's own rules into force, or show those in force"))
    _add_simulate(add("simulate", _simulate, "walk months of a made-up city by a plan"))
    _add_checks(add)
    _add_proofs(add)
    held = add("held", _held, "list deliveries that failed; try them again, or give one up")
    held.add_argument("do", nargs="?", choices=["list", "retry", "skip"], default="list")
    held.add_argument("id", nargs="?", type=int, help="the number shown by the list")
    add("reseal", _reseal, "encrypt every contact anew under the newest of LINGKA_KEYS")
    add("vapid-keys", _vapid_keys, "make a pair of keys for Web Push").set_defaults(
        without_database=True
    )
    backup = add("backup", _backup, "write a backup into a new folder")
    backup.add_argument("folder", type=Path)
    restore = add("restore", _restore, "bring a backup back into an empty database")
    restore.add_argument("folder", type=Path)
    restore.add_argument("--replace", action="store_true", help="give up what is there now")
    add("upgrade", _upgrade, "bring data of an older version up to this one").set_defaults(
        without_database=True
    )
    return parser


def _add_proofs(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    head = add("head", _head, "sign history as it stands, and write the head into a file")
    head.add_argument("do", choices=["export"])
    head.add_argument("file", type=Path)
    proof = add("proof", _proof, "write the proof of a case's history into a file")
    proof.add_argument("case", help="its number or code")
    proof.add_argument("file", type=Path)
    proof.add_argument("--since", type=Path, help="a head kept elsewhere, to prove what followed")
    check = add("check-proof", _check_proof, "check a proof, without any database")
    check.set_defaults(without_database=True)
    check.add_argument("file", type=Path)
    check.add_argument("--head", type=Path, help="a head you trust: its keys must have signed")


def _add_checks(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    verify = add("verify", _verify, "check every event, and every row against its events")
    verify.add_argument(
        "--head", type=Path, action="append", default=[], help="a head or proof kept elsewhere"
    )
    rates = add(
        "rates", _rates, "make the figures of the rates anew from all events, or check them"
    )
    rates.add_argument("do", choices=["recompute"])
    rates.add_argument("--check", action="store_true", help="only say in what they would differ")
    for one in (verify, rates):
        one.add_argument("--processes", type=int, default=os.cpu_count(), help="share the work")


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "plans", nargs="*", default=["corner"],
        help="YAML files, or names of plans that come along; several are compared",
    )  # fmt: skip
    parser.add_argument("--report", type=Path, help="write a page with charts into this folder")
    parser.add_argument(
        "--json", type=Path, help="write the figures into this file instead of tables"
    )
    parser.add_argument(
        "--here", action="store_false", dest="without_database",
        help="in the database of DATABASE_URL, which has to be empty, and keep what comes of it",
        default=True,
    )  # fmt: skip


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=["areas", "places", "requests", "hotline"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--mapping", type=Path, help="how the file's columns are to be read")
    parser.add_argument(
        "--datum", choices=["wgs84", "gcj02"], default="wgs84",
        help="coordinates of areas and places: gcj02 for those read off a Chinese map",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, help="stop after this many rows (requests)")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")


def _add_rules(parser: argparse.ArgumentParser) -> None:
    does = parser.add_subparsers(required=True, metavar="DO")
    put = does.add_parser("put", help="check a file, show what differs, put it into force")
    put.add_argument("file", type=Path)
    put.add_argument("--dry-run", action="store_true", help="only say what would change")
    show = does.add_parser("show", help="write what is in force as a file to be changed")
    show.add_argument("kind", nargs="?", default="", help="without it: all there is")
    show.add_argument("key", nargs="?", default="", help="such as quick_response")


def _add_exchange(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "do", choices=["run", "take", "send", "pull", "push", "compare", "report"],
        help="run: all that is due; compare: FILE is the whole list of what they have",
    )  # fmt: skip
    parser.add_argument("peer", help="the platform's key, as set up at the desk")
    parser.add_argument("file", type=Path, nargs="?", help="for take and compare")


def _exchange(options: argparse.Namespace) -> int:
    _django()
    from lingka.ops import exchange

    return exchange.run(options.do, options.peer, options.file)


def _rules(options: argparse.Namespace) -> int:
    _django()
    from lingka.ops import putting_here

    if "file" in options:
        return putting_here.put(options.file, dry_run=options.dry_run)
    return putting_here.show(options.kind, options.key)


def _run(options: argparse.Namespace) -> int:
    del options
    from lingka.ops import run

    run.demo_by_default()
    _django()
    return run.run()


def _serve(options: argparse.Namespace) -> int:
    del options
    from lingka.ops import prepare, run

    _django()
    if prepare.pending_migrations():
        say("The database is not of this version: run `lingka upgrade` first.")
        return 1
    prepare.collect()
    run.supervise([run.SERVER])
    return 0


def _worker(options: argparse.Namespace) -> int:
    del options
    from lingka.ops import run

    _django()
    run.supervise([run.WORKER])
    return 0


def _demo(options: argparse.Namespace) -> int:
    from lingka.ops import prepare, run

    _django()
    prepare.migrate()
    run.load_demo_if_empty()
    if options.figures:
        run.write_figures(options.figures)
    return 0


def _import(options: argparse.Namespace) -> int:
    _django()
    from lingka.ops import imports

    return imports.run(
        options.kind,
        options.file,
        options.mapping,
        dry_run=options.dry_run,
        limit=options.limit,
        datum=options.datum,
    )


def _simulate(options: argparse.Namespace) -> int:
    _django()
    from lingka.ops import simulating

    return simulating.run(
        options.plans,
        here=not options.without_database,
        report=options.report,
        figures=options.json,
    )


def _doctor(options: argparse.Namespace) -> int:
    del options
    from lingka.ops import doctor

    return doctor.run()


def _verify(options: argparse.Namespace) -> int:
    _django()
    from lingka.core import verify
    from lingka.ops import proofs
    from lingka.proofs import verifying

    heads = proofs.read_heads(options.head)
    if heads is None:
        return 1
    faults = verify.run(processes=options.processes)
    faults += verifying.run(heads, processes=options.processes)
    for fault in faults:
        say(f"{fault.where}: {fault.what}")
    say(f"{len(faults)} faults found." if faults else "Every event and every row holds.")
    return 1 if faults else 0


def _rates(options: argparse.Namespace) -> int:
    _django()
    from lingka.insight import actions

    if not options.check:
        say(f"The figures are made anew of {actions.rebuild(options.processes):,} cases.")
        return 0
    found = actions.differences(options.processes)
    for one in found:
        say(one)
    say(f"{len(found)} differences." if found else "Every figure is what its events say.")
    return 1 if found else 0


def _head(options: argparse.Namespace) -> int:
    _django()
    from lingka.ops import proofs

    return proofs.export_head(options.file)


def _proof(options: argparse.Namespace) -> int:
    _django()
    from lingka.ops import proofs

    return proofs.export_proof(options.case, options.file, options.since)


def _check_proof(options: argparse.Namespace) -> int:
    from lingka.ops import proofs

    return proofs.check(options.file, options.head)


def _reseal(options: argparse.Namespace) -> int:
    del options
    _django()
    from lingka.cases import actions
    from lingka.members import actions as members
    from lingka.voting import actions as voting

    done = actions.reseal_contacts() + members.reseal_reaches() + voting.reseal_keys()
    say(f"{done} contacts are sealed under the newest key.")
    return 0


def _vapid_keys(options: argparse.Namespace) -> int:
    del options
    from lingka.notifications import devices

    private, public = devices.new_pair()
    say(f"LINGKA_VAPID_KEY={private}")
    say(f"# Browsers are given this one, it follows from the key above: {public}")
    return 0


def _held(options: argparse.Namespace) -> int:
    _django()
    from lingka.ops import held

    return held.run(options.do, options.id)


def _backup(options: argparse.Namespace) -> int:
    _django()
    from lingka.ops import backup

    return backup.backup(options.folder)


def _restore(options: argparse.Namespace) -> int:
    _django()
    from lingka.ops import backup

    return backup.restore(options.folder, replace=options.replace)


def _upgrade(options: argparse.Namespace) -> int:
    del options
    from lingka.ops import upgrade

    return upgrade.run()


if __name__ == "__main__":
    sys.exit(console())
