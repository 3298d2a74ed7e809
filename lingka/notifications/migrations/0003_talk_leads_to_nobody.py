"""What told somebody of what they wrote led from them to it, by the event's place."""

from typing import Any

from django.db import migrations
from django.db.models import F

TALK = ("talk_hidden", "talk_shown", "talk_stays")


def unlink(apps: Any, _schema: Any) -> None:
    told = apps.get_model("notifications", "Message").objects.filter(key__in=TALK)
    told.exclude(state="queued").update(recipient="", sent_at=None)
    told.update(position=-F("id"), values={"page": "/me/"}, created_at=F("next_try_at"))


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_news_without_a_case")]

    operations = [migrations.RunPython(unlink, migrations.RunPython.noop)]
