from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("covenants", "0001_covenants")]

    operations = [
        migrations.AddField(
            model_name="covenant", name="key", field=models.UUIDField(null=True, unique=True)
        ),
    ]
