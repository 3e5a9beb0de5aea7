"""`cqrs-gen convert`: schema files as the AsyncAPI document that means the same."""

from __future__ import annotations

from pathlib import Path

import click

from cqrs_gen.commands.ending import FINE, USAGE, WRONG, say, say_error
from cqrs_gen.config import Config
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.files import UnreadableFileError
from cqrs_gen.document.write_yaml import write_yaml
from cqrs_gen.pipeline import convert
from cqrs_gen.progress import progress
from cqrs_gen.protocols import PROTOCOLS

_EXAMPLES = """\b
Example:
  cqrs-gen convert schemas/ --protocol kafka > asyncapi.yaml

\b
Exit codes: 0 fine; 1 the schemas have errors; 2 the command line, or a file that
cannot be read; 3 a bug in cqrs-gen; 130 interrupted.
"""


@click.command(
    "convert",
    help="Print the AsyncAPI document that means what the JSON Schema files SPEC mean, or a folder of them.",
    short_help="Print JSON Schema files as one AsyncAPI document.",
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("documents", metavar="SPEC...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--protocol",
    "protocols",
    multiple=True,
    type=click.Choice([module.key for module in PROTOCOLS]),
    help="The protocol of channels whose schemas name none. May be given more than once.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print no warnings.")
def convert_command(*, documents: tuple[Path, ...], protocols: tuple[str, ...], quiet: bool) -> int:
    """Run the command and give the exit code."""
    diagnostics = Diagnostics()
    config = Config(documents, Path(), None, "auto", protocols)
    try:
        with progress(is_wanted=not quiet) as enter:
            converted = convert(config, diagnostics, cwd=Path.cwd(), enter=enter)
    except UnreadableFileError as error:
        say_error(error)
        return USAGE
    say(diagnostics, quiet=quiet)
    if converted is None:
        return WRONG
    click.echo(write_yaml(converted).encode(), nl=False)
    return FINE
