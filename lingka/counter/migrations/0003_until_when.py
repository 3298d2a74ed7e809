from datetime import timedelta

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Cast

# Times given out before hold as long as a visit at their window takes now: nothing else is known.
MINUTE = models.Value(timedelta(minutes=1), output_field=models.DurationField())


def fill(apps, _editor):
    window = apps.get_model("counter", "Window").objects.filter(pk=OuterRef("window"))
    minutes = Cast(Subquery(window.values("slot_minutes")), models.IntegerField())
    lasts = models.ExpressionWrapper(minutes * MINUTE, output_field=models.DurationField())
    apps.get_model("counter", "Appointment").objects.update(ends_at=F("starts_at") + lasts)


class Migration(migrations.Migration):
    dependencies = [("counter", "0002_what_was_asked")]

    operations = [
        migrations.AddField("appointment", "ends_at", models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("appointment", "ends_at", models.DateTimeField()),
        migrations.AddConstraint(
            "appointment",
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_lasts"
            ),
        ),
    ]
