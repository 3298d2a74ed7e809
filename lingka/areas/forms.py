from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A file with areas or places. Trying comes first: taking it in is a second press."""

    KINDS: ClassVar = [("areas", _("Areas")), ("places", _("Places"))]
    DATUMS: ClassVar = [("wgs84", "WGS 84"), ("gcj02", _("GCJ-02 (Chinese maps)"))]

    kind = forms.ChoiceField(label=_("What is in it"), choices=KINDS)
    datum = forms.ChoiceField(label=_("Coordinates"), choices=DATUMS)
    file = forms.FileField(label=_("File (GeoJSON, CSV or Excel)"))
