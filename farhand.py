"""The command line: what `farhand` can do, each command from the folder that it belongs to."""

import typer

from bench.command import bench_app, demo, robots, sim
from master.command import check_link, console, master
from protocol.command import keys_app
from slave.audit_command import audit_app
from slave.command import slave
from slave.panel.command import panel, replay, watch

app = typer.Typer(
    help="Teleoperation of surgical robots: hands here, an arm there. Research software, not a medical device.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (demo, slave, console, master, check_link, panel, watch, replay, robots, sim):
    app.command()(command)
app.add_typer(keys_app, name="keys")
app.add_typer(audit_app, name="audit")
app.add_typer(bench_app, name="bench")


def main() -> None:
    """Entry point of the command `farhand`."""
    app()


if __name__ == "__main__":
    main()
