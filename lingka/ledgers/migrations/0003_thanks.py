from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0002_kinds_of_wishes")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="thanks",
            field=models.CharField(blank=True, db_default="", max_length=32),
        ),
    ]
