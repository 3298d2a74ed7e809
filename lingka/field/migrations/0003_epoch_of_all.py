"""What the phones know as the life of this data stays, and is read by others too."""

from django.db import migrations

MOVED = "INSERT INTO core_epoch (id, token) SELECT id, token FROM field_epoch"
BACK = "INSERT INTO field_epoch (id, token) SELECT id, token FROM core_epoch"


class Migration(migrations.Migration):
    dependencies = [("core", "0005_epoch"), ("field", "0002_nothing_of_a_way")]

    operations = [
        migrations.RunSQL(MOVED, BACK),
        migrations.DeleteModel(name="Epoch"),
    ]
