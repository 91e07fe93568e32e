"""Steps and files of cases and events of blocks are locked like all history."""

from django.db import migrations

from minplan.database import locks


def add_locks(apps, schema_editor):
    """Install the triggers again, now that the tables are there."""
    locks.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Lock the steps of cases."""

    dependencies = [("minplan", "0003_accounts_cases")]

    operations = [migrations.RunPython(add_locks, migrations.RunPython.noop)]
