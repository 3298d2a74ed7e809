import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteering", "0005_service_teams")]

    operations = [
        migrations.AddField(
            model_name="service",
            name="team",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="volunteering.team",
            ),
        ),
    ]
