"""`cqrs-gen inspect`: what a contract means, without generating anything."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from cqrs_gen.commands.ending import FINE, USAGE, WRONG, say, say_error
from cqrs_gen.config import Config
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.files import UnreadableFileError
from cqrs_gen.inspection.model import Inspection
from cqrs_gen.inspection.text import inspection_text
from cqrs_gen.pipeline import inspect
from cqrs_gen.plan.package import BadPackageNameError
from cqrs_gen.progress import progress
from cqrs_gen.protocols import PROTOCOLS
from cqrs_gen.report_json import as_json

_EXAMPLES = """\b
Examples:
  cqrs-gen inspect asyncapi.yaml
  cqrs-gen inspect asyncapi.yaml --format json | jq '.operations[] | select(.served | not)'

\b
Exit codes: 0 fine; 1 the document has errors, or nothing can be generated from it;
2 the command line, or a file that cannot be read; 3 a bug in cqrs-gen; 130 interrupted.
"""


@click.command(
    "inspect",
    help="Tell what the contract SPEC means: what is served, from where, as which event. Writes nothing.",
    short_help="Tell what a contract means, without generating anything.",
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("documents", metavar="SPEC...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--package", help="Name of the package, which names of groups and queues begin with.")
@click.option(
    "--role",
    type=click.Choice(["application", "client"]),
    default="application",
    show_default=True,
    help="Which side to look from: the application that the document describes, or a client of it, which receives what "
    "that sends.",
)
@click.option(
    "--protocol",
    "protocols",
    multiple=True,
    type=click.Choice([module.key for module in PROTOCOLS]),
    help="Serve only this protocol, as when generating. May be given more than once.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Tables for people, or JSON for programs; docs/inspect.md describes its fields.",
)
def inspect_command(
    *, documents: tuple[Path, ...], package: str | None, role: str, protocols: tuple[str, ...], output_format: str
) -> int:
    """Run the command and give the exit code."""
    diagnostics = Diagnostics()
    config = Config(documents, Path(), package, "auto", protocols, role)
    try:
        with progress(is_wanted=True) as enter:
            inspection = inspect(config, diagnostics, cwd=Path.cwd(), enter=enter)
    except (UnreadableFileError, BadPackageNameError) as error:
        say(diagnostics, quiet=False)
        say_error(error)
        return USAGE
    if output_format == "json":
        told = {"documents": [path.as_posix() for path in documents], **asdict(inspection or Inspection())}
        click.echo(as_json(told, diagnostics.sorted()))
    else:
        say(diagnostics, quiet=False)
        if inspection is not None:
            click.echo(inspection_text(inspection), nl=False)
    return WRONG if diagnostics.has_errors else FINE
