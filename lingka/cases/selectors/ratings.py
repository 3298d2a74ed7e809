"""What residents answered, as far as decisions need it."""

from django.db.models import Max

from lingka.cases.models import Rating


def rounds_on(number: str) -> int | None:
    """How many rounds those who follow a case have rated at the most; None for none."""
    last = Rating.objects.filter(receipt__case__number=number).aggregate(Max("round"))
    return None if last["round__max"] is None else int(last["round__max"]) + 1
