"""The page for what went wrong on our side: a database that is away is said as such."""

import sys

import structlog
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from lingka.core.views import bad_request
from lingka.core.views import server_error as broken

AWAY = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Lingka</title>
<h1>请稍后再试</h1><p>系统暂时无法保存。您刚才填写的内容没有提交，请过几分钟再发一次；已有回执的不受影响。</p>
<h1 lang="bo">ཡུད་ཙམ་ནས་ཡང་བསྐྱར་ཚོད་ལྟ་བྱོས།</h1>
<p lang="bo">ད་ལྟ་ཉར་མི་ཐུབ། སྐར་མ་ཁ་ཤས་ནས་ཡང་བསྐྱར་སྐུར་རོགས། བྱུང་འཛིན་ཡོད་ན་སྐྱོན་མེད།</p>
<h1 lang="en">Please try again shortly</h1>
<p lang="en">Nothing can be saved just now, and what you sent was not. Please send it again in a few
minutes; a receipt that you already hold stays good.</p>
"""
log = structlog.get_logger("lingka.web")


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database is away or full, 400 for what it cannot hold, else the usual page."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        log.error("database_away", reason=type(error.__cause__ or error).__name__, said=str(error))
        return HttpResponse(AWAY, status=503, headers={"Retry-After": "60"})
    if isinstance(error, DataError):
        # No check caught it and PostgreSQL cannot hold it: the sender's to mend, ours to see.
        log.error("value_refused", exc_info=error)
        return bad_request(request, error)
    log.error("request_failed", exc_info=error)
    return broken(request)
