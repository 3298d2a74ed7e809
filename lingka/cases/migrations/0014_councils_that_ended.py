"""What a council is done with hears it: the rule on merging reads it from the case's own facts.

Written as an event, as it is from now on, so that folding its events gives the same case.
"""

from uuid import UUID

from django.db import migrations
from psycopg.types.json import Jsonb

from lingka.cases.events import CouncilEnded
from lingka.core.actors import SYSTEM
from lingka.core.events import Head, record

ENDED = """
SELECT matter.id, matter.uuid, matter.version, matter.head, council.uuid, council.number,
  council.state
FROM cases_case council JOIN cases_case matter
  ON matter.uuid = (council.facts->>'resolves')::uuid
WHERE council.channel = 'council' AND council.stage = 'closed'
  AND NOT matter.facts ? 'council_ended'
ORDER BY matter.id FOR UPDATE OF matter
"""
TOLD = "UPDATE cases_case SET facts = facts || %s, version = %s, head = %s WHERE id = %s"


def tell(_apps, editor):
    with editor.connection.cursor() as cursor:
        cursor.execute(ENDED)
        for id_, uuid, version, head, council, number, state in cursor.fetchall():
            facts = {"council_ended": state}
            event = CouncilEnded(str(council), number, {"facts": facts})
            after = Head(version, bytes(head))
            done = record(event, stream_id=UUID(str(uuid)), actor=SYSTEM, after=after)
            cursor.execute(TOLD, [Jsonb(facts), done.sequence, done.hash, id_])


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_rule_versions"),
        ("cases", "0013_numbers_as_dialled"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
