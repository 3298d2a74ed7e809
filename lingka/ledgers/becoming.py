"""A need hangs as a wish: one on the wall."""

from lingka.core import becoming
from lingka.ledgers import selectors

becoming.register("wish", selectors.hung)
