from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_merged_receipts"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="uuid",
            field=models.UUIDField(db_default=RandomUUID(), unique=True),
        ),
    ]
