"""The schematic base map: our own grids and places, so that no map server is asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_GET

from lingka.areas import selectors
from lingka.areas.cache import token
from lingka.core import text

LIMITS = {"lon": 180.0, "lat": 90.0}


def _etag(request: HttpRequest) -> str:
    """Changes with the areas, not with time; the address names the point and Vary the language."""
    return f'"{token()}"'


@require_GET
@cache_control(max_age=3600)
@condition(etag_func=_etag)
def around(request: HttpRequest) -> HttpResponse:
    """The neighbourhood of `lon`, `lat` as GeoJSON, names in the reader's language."""
    try:
        lon, lat = (float(request.GET[name]) for name in LIMITS)
    except (KeyError, ValueError):
        return HttpResponseBadRequest()
    if not (abs(lon) <= LIMITS["lon"] and abs(lat) <= LIMITS["lat"]):
        return HttpResponseBadRequest()
    shapes = selectors.near_geojson(lon, lat)
    shapes["features"] = [_named(feature) for feature in shapes["features"]]
    return JsonResponse(shapes, content_type="application/geo+json")


def _named(feature: dict[str, Any]) -> dict[str, Any]:
    """The feature with one name instead of all: the selector's own copy stays as it is."""
    shown = {key: value for key, value in feature["properties"].items() if key != "names"}
    shown["name"] = text.pick(feature["properties"]["names"])
    return {**feature, "properties": shown}
