"""Lists that somebody keeps under a name: theirs alone to change. No event tells of them: they are
a way of looking, and nothing has happened to a case."""

from django.db import IntegrityError, transaction

from lingka.cases.models import SavedView
from lingka.core.actors import Actor


def keep_view(name: str, query: str, *, actor: Actor) -> None:
    """Keep a list's link under a name; the same name again replaces it."""
    try:
        with transaction.atomic():
            SavedView.objects.update_or_create(
                user_id=actor.id or 0, name=name, defaults={"query": query}
            )
    except IntegrityError:
        pass  # the same name from another window, at this very moment: it is saved


def drop_view(pk: int, *, actor: Actor) -> bool:
    """Drop one of one's own; whoever has its link finds nothing from then on."""
    number, _rows = SavedView.objects.filter(pk=pk, user_id=actor.id or 0).delete()
    return bool(number)
