"""Which layers somebody sees; pages, tiles, exports and search all ask here."""

from __future__ import annotations

from minplan.core.access.model import (
    Access,
    Permission,
    published_layers,
    restricted_layers,
)


def sees_layer(access: Access, code: str) -> bool:
    """Whether a layer of the plan (its code in the standard) may be seen.

    The public sees published layers only; whoever may read working data sees all.
    """
    if access.may(Permission.READ):
        return True
    return access.may(Permission.READ_PUBLISHED) and code in published_layers()


def sees_constraint(access: Access, name: str) -> bool:
    """Whether a constraint layer (its name in the library) may be seen, in any form."""
    if not access.may(Permission.READ):
        return False
    return name not in restricted_layers() or access.may(Permission.READ_RESTRICTED)
