"""Every effect that a workflow can name, from the modules that hold them."""

from lingka.cases import chains, effects, fixing, joint, kinship, meetings, supervising
from lingka.cases.workflow import Effect

EFFECTS: dict[str, Effect] = {
    **effects.OWN,
    **chains.EFFECTS,
    **joint.EFFECTS,
    **fixing.EFFECTS,
    **kinship.EFFECTS,
    **meetings.EFFECTS,
    **supervising.EFFECTS,
}
