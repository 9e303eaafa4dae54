"""docs/reference/cli.md as the commands themselves tell it; `python -m tests.house.cli_reference` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from typer.main import get_command

from assay.cli.commands import app

PAGE: Final = Path(__file__).parents[2] / "docs/reference/cli.md"
ANEW: Final = "python -m tests.house.cli_reference"
INTRODUCTION: Final = f"""\
# Command line

This page is written by `{ANEW}`; a test holds it to the commands.

- **What goes wrong** is one line on standard error, with the file or the option it is in. The exit code is then 2, and nothing is written.
- **`--data`** takes a CSV (plain or gzipped) or Parquet file. A strategy of one instrument runs on whatever file it is given; for
  several write `--data binance:BTC/USDT=btc.csv --data binance:ETH/USDT=eth.csv`.
- **`--from` and `--to`** are dates or times in ISO 8601, in UTC unless they name a zone. Bars before `--from` warm up; the last bar opens
  before `--to`.
- **`--grid`** is `fast=5:50:1`, which leaves out 50 as `range(5, 50)` does, or `fast=5,10,20`.
- **`--json`** prints `{{"run_id", "bars", "from", "to", "metrics", "trades", "open_positions"}}` for a backtest and `{{"cells"}}` for a
  sweep. Fractions are fractions, instants end in `Z`, and what is undefined is null.
- **Interrupted** with Ctrl-C, a command ends with 130.
"""


def page() -> str:
    """Every command with its options and their defaults."""
    commands: dict[str, Any] = getattr(get_command(app), "commands")  # noqa: B009 Typer's groups have it, its types do not say so
    return "\n".join([INTRODUCTION, *(line for name, command in commands.items() for line in _told(name, command))])


def _told(name: str, command: Any) -> Iterator[str]:
    """A command, or each of a group's."""
    parts: dict[str, Any] = getattr(command, "commands", {})
    if not parts:
        yield from _command(name, command)
    for part, of in parts.items():
        yield from _told(f"{name} {part}", of)


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [parameter for parameter in command.params if parameter.param_type_name == "option" and parameter.name != "help"]
    typed = " ".join(["assay", name, *(_shape(argument) for argument in arguments), *(["[OPTIONS]"] if options else [])])
    yield f"## assay {name}\n\n{command.help}\n\n```sh\n{typed}\n```\n"
    yield "| | | default |\n|---|---|---|"
    for parameter in (*arguments, *options):
        default = "required" if parameter.required else _default(parameter.default)
        repeated = " May be repeated." if parameter.multiple else ""
        yield f"| `{_shape(parameter)}` | {parameter.help}{repeated} | {default} |"
    yield ""


def _default(value: object) -> str:
    return "" if value is None or value is False else f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _shape(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return parameter.metavar if parameter.required else f"[{parameter.metavar}]"
    return " ".join(filter(None, (parameter.opts[0], parameter.metavar)))


if __name__ == "__main__":
    PAGE.write_text(page())
