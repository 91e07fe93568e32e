"""PostgreSQL: overlapping beliefs are refused by a trigger a statement, as SQLite does it a row.

The exclusion constraint searched its index once a row, which was the largest part of a large
import; building it afterwards costs the same. The trigger asks the index of keys once a statement.
"""

from django.db import migrations

from minplan.database import locks

_CONSTRAINT = "ALTER TABLE minplan_feature DROP CONSTRAINT IF EXISTS minplan_feature_one_belief"


def replace_constraint(apps, schema_editor):
    """Drop the constraint and install the triggers again."""
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_CONSTRAINT)
    locks.install(connection)


class Migration(migrations.Migration):
    """Look for overlapping beliefs once a statement."""

    dependencies = [("minplan", "0005_inspections")]

    operations = [migrations.RunPython(replace_constraint, migrations.RunPython.noop)]
