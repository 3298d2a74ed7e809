from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [migrations.AlterField("message", "case_uuid", models.UUIDField(null=True))]
