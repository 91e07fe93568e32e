"""Who may do what, and on whose ground: roles, permissions, administrative areas."""

from minplan.core.access.model import (
    Access,
    Permission,
    Role,
    published_documents,
    published_layers,
    restricted_documents,
    restricted_layers,
)

__all__ = [
    "Access",
    "Permission",
    "Role",
    "published_documents",
    "published_layers",
    "restricted_documents",
    "restricted_layers",
]
