from django.urls import path, re_path

from lingka.api.api import api
from lingka.api.problems import missing, telling

_patterns, _app, _namespace = api.urls
for _pattern in _patterns:
    assert _pattern.callback is not None
    _pattern.callback = telling(api, _pattern.callback)
urlpatterns = [
    path("", (_patterns, _app, _namespace)),
    re_path(r"^.*$", missing(api)),
]
