from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deliberation", "0005_recording"),
    ]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="answers",
            field=models.UUIDField(null=True),
        ),
    ]
