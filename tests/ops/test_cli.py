"""The command line: whole sentences instead of tracebacks."""

import pytest

from lingka.ops import cli
from lingka.ops.processes import Child, Supervisor


def test_every_command_of_the_guide_exists(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        cli.main(["--help"])
    assert done.value.code == 0
    said = capsys.readouterr().out
    words = "run serve worker demo import rules simulate doctor verify held backup restore upgrade"
    assert all(f"    {word} " in said for word in words.split())


@pytest.mark.django_db
def test_verify_says_that_everything_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify"]) == 0
    assert "holds" in capsys.readouterr().out


def test_a_child_that_keeps_dying_is_started_more_and_more_slowly() -> None:
    child = Child("flaky", ["false"])
    waits = []
    for _ in range(8):
        child.started = 100.0
        child.schedule(100.1)
        waits.append(child.wait)
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30]
    child.started = 0.0
    child.schedule(100.0)
    assert child.wait == 0


def test_a_killed_child_is_replaced_and_all_end_together() -> None:
    child = Child("sleeper", ["sleep", "600"])
    supervisor = Supervisor([child])
    seen: list[int] = []

    def look() -> None:
        if child.process is None:
            return
        if child.process.pid not in seen:
            seen.append(child.process.pid)
            if len(seen) == 1:
                child.started = -100.0  # it lived long enough to be replaced at once
                child.process.kill()
            else:
                supervisor.stopping.set()

    import signal

    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        supervisor.run(look)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert len(seen) == 2
    assert child.process is None
