"""Who among the staff has to act on a case, and by which channels they want to hear of it."""

from collections.abc import Collection, Iterable

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo, UserInfo
from lingka.areas import selectors as areas
from lingka.cases import owed
from lingka.cases.selectors import CaseNotice
from lingka.notifications.models import Preference, Subscription

TOPICS = ("to_do", "urgent", "warned", "breached", "mentioned", "agreements", "rounds")
CHANNELS = ("push", "email")
# An e-mail for everything would be noise: only what cannot wait, unless somebody asks for more.
DEFAULT = frozenset(
    {(topic, "push") for topic in TOPICS}
    | {(topic, "email") for topic in ("urgent", "breached", "agreements", "rounds")}
)
OWNERS = {"lead_handler": "handler", "verifier": "verifier", "caller": "verifier"}


class Audience:
    """All who can be reached, read once for a batch of events."""

    def __init__(self) -> None:
        pushed = set(Subscription.objects.values_list("user_id", flat=True).distinct())
        people = accounts.with_email()
        self.by_email = frozenset(people)
        people |= accounts.users(pushed - people.keys()) if pushed - people.keys() else {}
        self.people: dict[int, UserInfo] = people
        self.pushed = frozenset(pushed)
        self.posts = accounts.posts_of_many(people) if people else []
        rows = Preference.objects.filter(user_id__in=people) if people else []
        self.said = {(row.user_id, row.topic, row.channel): row.wanted for row in rows}

    def __bool__(self) -> bool:
        return bool(self.posts)

    def channels(self, user: int, topic: str) -> list[str]:
        """The channels by which somebody wants a topic and can have it."""
        able = {"push": user in self.pushed, "email": user in self.by_email}
        return [
            channel
            for channel in CHANNELS
            if able[channel] and self.said.get((user, topic, channel), (topic, channel) in DEFAULT)
        ]

    def owners(self, case: CaseNotice) -> list[PostInfo]:
        """Who has to act now, by the relation that owns the case's state, or by name."""
        if case.owner == "dispatcher":
            return self._over(case.desk_area, {"dispatcher"})
        if case.owner == "named_lead":
            return self.person(case.leader)
        if case.owner == "verifier" and case.reinspector:
            return self.unit(case.reinspector)
        role = OWNERS.get(case.owner)
        if role == "handler":
            return self.handlers({case.lead_unit})
        if role is None:
            return []
        return [p for p in self.posts if p.role == role and case.area_path.startswith(p.area_path)]

    def owing(self, case: CaseNotice, clock: str) -> list[PostInfo]:
        """Who has to act before a clock runs out, which is not always who owns the state."""
        beside, unit = owed.by_clock(clock)
        if beside:
            return self.beside(case, beside)
        if unit:
            return self.handlers({unit})
        return self.person(case.leader) if clock == "lead_answer" else self.owners(case)

    def beside(self, case: CaseNotice, what: owed.Owed) -> list[PostInfo]:
        """Who owes what a case waits for beside its next step."""
        return self._nearest(case.desk_area, what.roles)

    def handlers(self, units: Collection[int | None]) -> list[PostInfo]:
        """Who handles in any of these units."""
        return [post for post in self.posts if post.role == "handler" and post.unit_id in units]

    def unit(self, unit: int) -> list[PostInfo]:
        """Whoever has a post in a unit."""
        return [post for post in self.posts if post.unit_id == unit]

    def desks(self, area: int) -> list[PostInfo]:
        """Who looks after agreements for an area: there, or as near above it as there is a desk."""
        return self._nearest(area, {"dispatcher", "administrator"})

    def planners(self, area: int) -> list[PostInfo]:
        """Who answers for an area's rounds: there, or as near above it as there is somebody."""
        return self._nearest(area, {"dispatcher", "supervisor", "administrator"})

    def person(self, user: int | None) -> list[PostInfo]:
        """One colleague, by the first of their posts."""
        return [post for post in self.posts if post.user_id == user][:1]

    def above(self, area: int) -> list[PostInfo]:
        """Who is told when a deadline has passed: desk, supervisors, leaders of an area."""
        return self._over(area, {"dispatcher", "supervisor", "leader"})

    def _nearest(self, area: int, roles: Collection[str]) -> list[PostInfo]:
        for one in reversed(areas.ancestors(areas.area(area).path)):
            if found := self._over(one.id, roles):
                return found
        return []

    def _over(self, area: int, roles: Iterable[str]) -> list[PostInfo]:
        return [post for post in self.posts if post.area_id == area and post.role in roles]
