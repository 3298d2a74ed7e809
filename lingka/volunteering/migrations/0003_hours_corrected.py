from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteering", "0002_needs")]

    operations = [
        migrations.AddField(
            model_name="service",
            name="corrections",
            field=models.SmallIntegerField(default=0),
        ),
    ]
