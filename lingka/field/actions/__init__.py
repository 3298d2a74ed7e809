"""Every change that comes from, or happens to, workers' phones."""

from lingka.field.actions.deciding import decide
from lingka.field.actions.devices import Registered, evict, register, revoke
from lingka.field.actions.files import (
    Announced,
    begin_file,
    file_of,
    finish_file,
    sweep_files,
    take_piece,
)
from lingka.field.actions.pushing import push
from lingka.field.actions.rescuing import Brought, bring_rescued
from lingka.field.actions.settling import bring_waiting_files, settle

__all__ = [
    "Announced", "Brought", "Registered", "begin_file", "bring_rescued", "bring_waiting_files",
    "decide", "evict", "file_of", "finish_file", "push", "register", "revoke", "settle",
    "sweep_files", "take_piece",
]  # fmt: skip
