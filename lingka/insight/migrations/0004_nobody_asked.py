"""A case of a kind that asks nobody is no longer counted as not reached.

What was counted is thrown away, and the receiver hears all events again; `lingka rates recompute`
is quicker. What was published stays as it was published.
The cursor goes first: deliveries lock it before they write figures, and neither waits for the other.
"""

from django.db import migrations

AGAIN = """
DELETE FROM core_cursor WHERE receiver = 'insight.facts';
DELETE FROM core_helddelivery WHERE receiver = 'insight.facts';
TRUNCATE insight_fact, insight_count, insight_weekcount;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_rule_versions"),
        ("insight", "0003_open_assessment"),
    ]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
