"""Topics are put to votes; a decision names its topic, and needs no table."""

import django.db.models.deletion
from django.db import migrations, models


def name_topics(apps, _schema_editor):
    decisions = apps.get_model("deliberation", "Decision")
    items = apps.get_model("deliberation", "Item").objects.filter(pk=models.OuterRef("item"))
    decisions.objects.update(topic=models.Subquery(items.values("topic")[:1]))


class Migration(migrations.Migration):
    dependencies = [("deliberation", "0001_councils")]

    operations = [
        migrations.RemoveField("meeting", "recording"),
        migrations.AlterField(
            "topic",
            "state",
            models.CharField(
                choices=[
                    ("asked", "Asked"),
                    ("open", "Open"),
                    ("agenda", "Agenda"),
                    ("voting", "Voting"),
                    ("adopted", "Adopted"),
                    ("in_work", "In Work"),
                    ("returned", "Returned"),
                    ("done", "Done"),
                    ("rejected", "Rejected"),
                    ("declined", "Declined"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Poll",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("vote", models.UUIDField(unique=True)),
                ("words", models.UUIDField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("carried", "Carried"),
                            ("rejected", "Rejected"),
                            ("no_quorum", "No Quorum"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="polls",
                        to="deliberation.topic",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("topic"),
                        condition=models.Q(("outcome", "")),
                        name="poll_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                models.Q(("ended_at", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="poll_ended_with_an_outcome",
                    ),
                ]
            },
        ),
        migrations.RemoveConstraint("decision", "decision_counts_hands"),
        migrations.AlterField("decision", "yes", models.SmallIntegerField(null=True)),
        migrations.AlterField("decision", "no", models.SmallIntegerField(null=True)),
        migrations.AlterField("decision", "abstained", models.SmallIntegerField(null=True)),
        migrations.AlterField(
            "decision",
            "item",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decision",
                to="deliberation.item",
            ),
        ),
        migrations.AddField(
            "decision",
            "poll",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decision",
                to="deliberation.poll",
            ),
        ),
        migrations.AddField(
            "decision",
            "topic",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="deliberation.topic",
            ),
        ),
        migrations.RunPython(name_topics, migrations.RunPython.noop),
        # Else the table below could not be changed: its new keys wait to be looked at.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "decision",
            "topic",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="deliberation.topic",
            ),
        ),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("abstained__gte", 0),
                        ("item__isnull", False),
                        ("no__gte", 0),
                        ("poll__isnull", True),
                        ("yes__gte", 0),
                    ),
                    models.Q(
                        ("abstained__isnull", True),
                        ("item__isnull", True),
                        ("no__isnull", True),
                        ("poll__isnull", False),
                        ("yes__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="decision_by_hands_or_by_a_vote",
            ),
        ),
    ]
