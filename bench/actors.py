"""Who takes part in a lifecycle: posts of the demo city, with API keys."""

from bench.world import Keys


def build() -> Keys:
    from lingka.accounts import actions as accounts
    from lingka.accounts.models import Post, User
    from lingka.areas.models import Area
    from lingka.cases import actions as cases
    from lingka.core.actors import SYSTEM
    from lingka.demo.actions import build as build_city

    if not Area.objects.exists():
        build_city(size="small")
    cases.activate_shipped()

    def key(name: str, scopes: list[str], user: int | None) -> str:
        return accounts.issue_api_key(actor=SYSTEM, name=name, scopes=scopes, user_id=user).secret

    staff = ["cases:read", "cases:act"]
    users = {name: User.objects.get(username=name).id for name in ("pai", "shui", "hefang")}
    grids = Area.objects.filter(level="grid").order_by("code")
    desk = Post.objects.get(user_id=users["pai"]).area
    mine = [grid for grid in grids if grid.path.startswith(desk.path)]
    return Keys(
        key("bench", ["open311:write"], None),
        key("desk", staff, users["pai"]),
        key("water", staff, users["shui"]),
        key("check", staff, users["hefang"]),
        Post.objects.filter(user_id=users["shui"]).values_list("unit_id", flat=True)[0],
        [(grid.lon, grid.lat) for grid in mine],
    )
