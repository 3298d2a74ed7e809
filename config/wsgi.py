import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_django = get_wsgi_application()

from lingka.ops.middleware import only_utf8  # noqa: E402 - the settings come first

application = only_utf8(_django)
