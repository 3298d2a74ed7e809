"""A need became a project: one on a public list."""

from lingka.core import becoming
from lingka.projects import selectors

becoming.register("project", lambda code: selectors.project(code) is not None)
