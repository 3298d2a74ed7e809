from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="post",
            name="role",
            field=models.CharField(
                choices=[
                    ("grid_worker", "Grid worker"),
                    ("dispatcher", "Dispatcher"),
                    ("handler", "Handler"),
                    ("verifier", "Verifier"),
                    ("supervisor", "Supervisor"),
                    ("leader", "Leader"),
                    ("administrator", "Administrator"),
                ],
                max_length=16,
            ),
        ),
    ]
