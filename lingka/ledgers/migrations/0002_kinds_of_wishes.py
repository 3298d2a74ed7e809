from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="about",
            field=models.CharField(blank=True, db_default="", max_length=32),
        ),
    ]
