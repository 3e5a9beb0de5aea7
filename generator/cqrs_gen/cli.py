"""The command line: arguments, streams and exit codes. Nothing else prints or exits."""

from __future__ import annotations

import contextlib
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cqrs_gen import __version__
from cqrs_gen.changes import diff
from cqrs_gen.commands.convert import convert_command
from cqrs_gen.commands.ending import BUG, FINE, INTERRUPTED, USAGE, WRONG, say, say_error, shown
from cqrs_gen.commands.inspect import inspect_command
from cqrs_gen.commands.main_command import MainCommand, complete_first_argument
from cqrs_gen.config import Config
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.files import UnreadableFileError
from cqrs_gen.obstacles import ObstacleError
from cqrs_gen.pipeline import generate
from cqrs_gen.plan.package import BadPackageNameError
from cqrs_gen.progress import progress
from cqrs_gen.protocols import PROTOCOLS
from cqrs_gen.report_json import as_json
from cqrs_gen.summary import summarize, summary_text
from cqrs_gen.write import EditedFilesError, WriteError, refuse_edited, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.changes import Changes

_EXAMPLES: Final = """\b
Examples:
  cqrs-gen asyncapi.yaml --package orders              write ./orders/
  cqrs-gen asyncapi.yaml -o services --package orders  write ./services/orders/
  cqrs-gen asyncapi.yaml --package orders --check      only say what would change; for CI
  cqrs-gen asyncapi.yaml --package orders --protocol kafka
  cqrs-gen asyncapi.yaml --package orders_client --role client
  cqrs-gen schemas/ --package orders --protocol kafka  from JSON Schema files, an event each
  cqrs-gen inspect asyncapi.yaml                       tell what the contract means
  cqrs-gen convert schemas/ --protocol kafka           print schema files as AsyncAPI

\b
Exit codes: 0 fine; 1 the document has errors, --check found a difference, or a
generated file was edited; 2 the command line, or a file that cannot be read or
written; 3 a bug in cqrs-gen; 130 interrupted.
"""


@click.command(
    cls=MainCommand,
    others=[inspect_command, convert_command],
    help="Generate a python-cqrs service on FastStream from the contract SPEC: an AsyncAPI document, or JSON Schema "
    "files or a folder of them.",
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument(
    "documents",
    metavar="SPEC...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    shell_complete=complete_first_argument,
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path(), help="Folder that receives the package folder."
)
@click.option("--package", help="Name of the package; by default made from the contract's title.")
@click.option(
    "--role",
    type=click.Choice(["application", "client"]),
    default="application",
    show_default=True,
    help="Which side to generate: the application that the document describes, or a client of it, which receives what "
    "that sends.",
)
@click.option(
    "--envelope",
    type=click.Choice(["auto", "cqrs", "none"]),
    default="auto",
    show_default=True,
    help="What is around a payload: python-cqrs' envelope or nothing as each message has it, always, or never.",
)
@click.option(
    "--protocol",
    "protocols",
    multiple=True,
    type=click.Choice([module.key for module in PROTOCOLS]),
    help="Serve only this protocol, also where the contract names none. May be given more than once.",
)
@click.option(
    "--tombstones",
    type=click.Choice(["skip", "handle"]),
    default="skip",
    show_default=True,
    help="What becomes of Kafka records without a value: skipped and counted, or events with a handler of their own.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with a diff when a run would change something.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what a run would do.")
@click.option("--force", is_flag=True, help="Write over generated files that somebody edited.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What is printed: a table for people, or one JSON object for programs, with the diagnostics in it.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.version_option(__version__, prog_name="cqrs-gen")
def _command(  # noqa: PLR0913 - one parameter for each option
    *,
    documents: tuple[Path, ...],
    output: Path,
    package: str | None,
    role: str,
    envelope: str,
    protocols: tuple[str, ...],
    tombstones: str,
    check: bool,
    dry_run: bool,
    force: bool,
    output_format: str,
    quiet: bool,
) -> int:
    diagnostics = Diagnostics()
    config = Config(documents, output, package, envelope, protocols, role, tombstones)
    is_text = output_format == "text"
    generation, code, is_written = None, FINE, False
    try:
        with progress(is_wanted=not quiet) as enter:
            generation = generate(config, diagnostics, cwd=Path.cwd(), enter=enter)
        if is_text:
            say(diagnostics, quiet=quiet)
        if generation is None:
            code = WRONG
        elif check:
            code = _check(generation.changes, with_diff=is_text)
        else:
            refuse_edited(generation.changes, force=force)
            if not dry_run:
                write(generation.changes)
                is_written = True
    except EditedFilesError as error:
        code = _refuse(error, with_diff=is_text)
    except (UnreadableFileError, BadPackageNameError, ObstacleError, WriteError) as error:
        say(diagnostics, quiet=quiet)
        say_error(error)
        return USAGE
    summary = summarize(generation, output, is_written=is_written)
    if not is_text:
        told = {"documents": [path.as_posix() for path in documents], **asdict(summary)}
        click.echo(as_json(told, shown(diagnostics, quiet=quiet)))
    elif code == FINE and not check and not quiet:
        click.echo(summary_text(summary), nl=False)
    return code


def main(argv: Sequence[str]) -> int:
    """Run the command line `argv` (without the program's name) and give the exit code."""
    try:
        return int(_command.main(args=list(argv), prog_name="cqrs-gen", standalone_mode=False))
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except OSError as error:  # the document and the package raise errors of their own: here it is the machine's
        return _end_without_output(error)
    except Exception:  # noqa: BLE001 - whatever it is, it is ours
        traceback.print_exc()
        click.echo("cqrs-gen: this is a bug in cqrs-gen, not in your document", err=True)
        return BUG


def _end_without_output(error: OSError) -> int:
    """Give the exit code where the machine refuses, mostly standard output; who closed that has seen enough."""
    with contextlib.suppress(OSError):
        sys.stdout.close()
    if isinstance(error, BrokenPipeError):
        return FINE
    with contextlib.suppress(OSError):
        what = str(error) if error.filename else f"standard output cannot be written: {error.strerror}"
        click.echo(f"cqrs-gen: error: {what}", err=True)
    return USAGE


def _check(changes: Changes, *, with_diff: bool) -> int:
    if changes.is_empty and not changes.edited:
        return FINE
    if with_diff:
        click.echo(diff(changes), nl=False)
    for change in changes.edited:
        click.echo(f"cqrs-gen: {change.path} was edited by hand", err=True)
    mend = "; take back what was edited, or give --force to lose it" if changes.edited else ""
    click.echo(f"cqrs-gen: what is generated is out of date: run the same command without --check{mend}", err=True)
    return WRONG


def _refuse(error: EditedFilesError, *, with_diff: bool) -> int:
    for path, difference in error.edited:
        if with_diff:
            click.echo(difference, nl=False)
        click.echo(f"cqrs-gen: error: {path} was edited by hand; nothing was written", err=True)
    click.echo(
        "hint: move your change to a file that is yours (handlers/, dependencies.py), or give --force to lose it",
        err=True,
    )
    return WRONG
