"""Staff, their posts, who is on duty when, and keys for other software."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A member of staff. Residents need no account."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)  # as colleagues see it
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"


class Role(models.TextChoices):
    GRID_WORKER = "grid_worker", _("Grid worker")
    DISPATCHER = "dispatcher", _("Dispatcher")
    HANDLER = "handler", _("Handler")
    VERIFIER = "verifier", _("Verifier")  # calls back and checks results
    SUPERVISOR = "supervisor", _("Supervisor")
    LEADER = "leader", _("Leader")  # covers an area: rules, and leads cases by name
    ADMINISTRATOR = "administrator", _("Administrator")


class Post(models.Model):
    """A user's role in a unit over an area and all below it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=16, choices=Role)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index("unit", "role", name="post_by_unit")]


class Shift(models.Model):
    """One stretch of duty of a post: who is on call, "here until 19:00"."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="shift_has_length", condition=Q(ends_at__gt=F("starts_at")))
        ]
        indexes = [models.Index("post", "ends_at", name="shift_of_post")]


class Leave(models.Model):
    """An absence, with the post that stands in."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="leaves")
    substitute = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="leave_has_length", condition=Q(ends_at__gt=F("starts_at")))
        ]
        indexes = [models.Index("post", "ends_at", name="leave_of_post")]


class ApiKey(models.Model):
    """A key for other software: its hash, what it may do, and on whose behalf."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    name = models.CharField(max_length=80)
    hash = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)  # "open311:write", "cases:read", "cases:act"
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
