"""An import-linter contract: each module's inner rooms are its own.

Others enter by actions, selectors and events. Written by hand, because import-linter's own
`protected` contract does not tie the wildcard of what is protected to that of who may enter.
"""

import re

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Doors(Contract):
    """`package.A.private` and `…private_part` may be imported only by modules of `package.A`."""

    package = fields.StringField()
    private = fields.ListField(subfield=fields.StringField())
    # What a module offers everybody although the name is private elsewhere.
    open_doors = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    # Modules that may enter everywhere: they set up, and are not part of a town's own data.
    visitors = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001
        pattern = re.compile(rf"^{self.package}\.(\w+)\.({'|'.join(self.private)})(_\w+)?(\.|$)")
        found = []
        for room in sorted(graph.modules):
            match = pattern.match(room)
            if not match or room in self.open_doors:
                continue
            own = f"{self.package}.{match[1]}"
            found += [
                (visitor, room, self.line(graph, visitor, room))
                for visitor in sorted(graph.find_modules_that_directly_import(room))
                if not any(
                    visitor == allowed or visitor.startswith(allowed + ".")
                    for allowed in (own, *self.visitors)
                )
            ]
        return ContractCheck(kept=not found, metadata={"found": found})

    @staticmethod
    def line(graph: ImportGraph, visitor: str, room: str) -> int:
        details = graph.get_import_details(importer=visitor, imported=room)
        return details[0]["line_number"] if details else 0

    def render_broken_contract(self, check: ContractCheck) -> None:
        for visitor, room, line in check.metadata["found"]:
            output.print_error(f"{visitor}:{line} imports {room}, a private room", bold=False)
        output.new_line()
