from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_platforms")]

    operations = [
        migrations.AddField("peer", "answers", models.BooleanField(default=False)),
        migrations.AddField("peer", "asks_with", models.BinaryField(null=True)),
    ]
