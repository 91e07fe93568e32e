"""The planning database (规划数据库): versioned rows in SQLite or PostgreSQL with PostGIS.

``configure`` names the database of the process, ``migrate`` brings its tables up to date. After
that the modules of this package may be imported: ``changesets`` (the only way to change plan
features), ``asof`` (the only way to read them), ``plans``, ``reviews``, ``deliverables``,
``originals``, ``layer_versions``, ``audit``, ``views``, ``move``. They need Django; this module
does not load it.
"""

from minplan.database.connection import (
    Database,
    configure,
    current,
    database_settings,
    migrate,
    use,
)

__all__ = ["Database", "configure", "current", "database_settings", "migrate", "use"]
