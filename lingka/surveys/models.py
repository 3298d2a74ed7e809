"""Surveys of an area, apart from cases. What somebody answered is nowhere: only sums are.

No sheet of answers is kept, no moment, no address, no place smaller than a community. A device
carries a word that the server made up for one round alone; what is kept of it is a keyed hash, to
know it again, until the round ends. Then the key and all hashes go.

What this cannot keep from whoever reads the tables themselves while a round runs: the rows that the
last answer of a community changed bear one transaction's number.
"""

from django.db import models


class Round(models.Model):
    """One time that an area is asked, with the questions as they then were."""

    code = models.CharField(max_length=8, unique=True)
    template = models.SlugField(max_length=40)
    body = models.JSONField()
    number = models.IntegerField()  # of this survey in this area
    area = models.BigIntegerField()
    minimum = models.IntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    secret = models.BinaryField(max_length=32, null=True)  # NULL once it is closed

    class Meta:
        constraints = [
            models.UniqueConstraint("template", "area", "number", name="survey_round_once")
        ]


class Tally(models.Model):
    """How many chose an answer, by community; without a question: how many answered at all."""

    pk = models.CompositePrimaryKey("round_id", "area", "question", "option")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    area = models.BigIntegerField()
    question = models.CharField(max_length=40)
    option = models.CharField(max_length=40)
    answers = models.IntegerField(default=0)


class Spent(models.Model):
    """A device has answered in this round. Nothing leads from here to an answer."""

    pk = models.CompositePrimaryKey("round_id", "mark")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    mark = models.BinaryField(max_length=32)
