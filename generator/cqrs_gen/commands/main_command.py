"""`cqrs-gen SPEC`, with other commands beside it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Sequence


class MainCommand(click.Command):
    """A command whose first argument may name another one; a document called like that is `./<name>`."""

    def __init__(self, *args: Any, others: Sequence[click.Command] = (), **kwargs: Any) -> None:  # noqa: ANN401 - those of click
        super().__init__(*args, **kwargs)
        self.others = {str(command.name): command for command in others}

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - those of click
    ) -> click.Context:
        """Read the arguments, with the command that they are for."""
        other = self.others.get(args[0]) if args else None
        if other is None:
            return super().make_context(info_name, args, parent, **extra)
        return other.make_context(f"{info_name} {other.name}", args[1:], parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - what a command returns
        """Run the command that the arguments are for."""
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and the other commands below."""
        super().format_options(ctx, formatter)
        with formatter.section("Other commands"):
            formatter.write_dl([(name, command.get_short_help_str(80)) for name, command in self.others.items()])


def complete_first_argument(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete files; the other commands where an argument is the first and no file begins like that.

    Bash shows no file beside a word, so that a command must not stand in the way of a document.
    """
    files = param.type.shell_complete(ctx, param, incomplete)
    is_first = not any(ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in ctx.params)
    if not incomplete or not is_first or not isinstance(ctx.command, MainCommand):
        return files
    if any(name.startswith(incomplete) for name in os.listdir()):  # noqa: PTH208 - no path is needed
        return files
    return [*files, *(CompletionItem(name) for name in ctx.command.others if name.startswith(incomplete))]
