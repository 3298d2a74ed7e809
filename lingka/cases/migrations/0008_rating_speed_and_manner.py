from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_assignment_links")]

    operations = [
        migrations.AddField(
            model_name="rating",
            name="speed",
            field=models.CharField(blank=True, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="rating",
            name="manner",
            field=models.CharField(blank=True, default="", max_length=8),
            preserve_default=False,
        ),
    ]
