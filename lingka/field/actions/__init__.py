"""Every change that comes from, or happens to, workers' phones."""

from lingka.field.actions.devices import Registered, evict, register, revoke
from lingka.field.actions.pushing import push
from lingka.field.actions.settling import settle
from lingka.field.epochs import begin as begin_epoch

__all__ = ["Registered", "begin_epoch", "evict", "push", "register", "revoke", "settle"]
