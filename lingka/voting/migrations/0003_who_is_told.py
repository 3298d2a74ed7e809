from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voting", "0002_who_left_stays_a_number")]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="near_told",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[("member", models.UUIDField(primary_key=True, serialize=False))],
        ),
    ]
