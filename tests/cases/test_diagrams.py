from scripts import workflows


def test_the_drawn_workflows_are_those_that_run() -> None:
    for path, text in workflows.pages().items():
        assert path.read_text("utf-8") == text, "run scripts/workflows.py"
