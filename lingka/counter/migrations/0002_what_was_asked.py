from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("counter", "0001_windows_and_papers")]

    operations = [
        migrations.AddField(
            model_name="handin",
            name="asked",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]
