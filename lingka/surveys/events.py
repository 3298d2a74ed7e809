"""What happens to surveys. An answer is no event: the log would keep what nobody may keep."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class SurveyOpened(EventData):
    """An area is asked from now on."""

    type: ClassVar[str] = "surveys.SurveyOpened"
    stream: ClassVar[str] = "survey"
    label: ClassVar[Any] = _("Survey opened")
    code: str
    template: str
    area: int
    until: str


@event_type
@dataclass(frozen=True)
class SurveyClosed(EventData):
    """It is over: so many answered."""

    type: ClassVar[str] = "surveys.SurveyClosed"
    stream: ClassVar[str] = "survey"
    label: ClassVar[Any] = _("Survey closed")
    code: str
    answers: int
