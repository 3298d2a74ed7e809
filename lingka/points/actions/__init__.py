"""Every change of the ledgers."""

from lingka.points.actions.holding import expire_holds, place_hold, post_hold, void_hold
from lingka.points.actions.owning import leave, open_account
from lingka.points.actions.transferring import earn, reverse

__all__ = [
    "earn", "expire_holds", "leave", "open_account", "place_hold", "post_hold", "reverse",
    "void_hold",
]  # fmt: skip
