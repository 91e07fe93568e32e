"""Indexes over space and both time axes, and the triggers that lock history."""

from django.db import migrations

from minplan.database import locks

# The R*Trees hold single-precision bounds rounded outwards: they find candidates, the columns of
# the table decide. Days are modified Julian days; seconds count from 2026 to keep them precise.
SQLITE = (
    "CREATE VIRTUAL TABLE minplan_feature_box USING rtree(id, west, east, south, north)",
    "CREATE VIRTUAL TABLE minplan_feature_time USING rtree("
    "id, plan_from, plan_to, effective_from, effective_to, recorded_from, recorded_to)",
    """
    CREATE TRIGGER minplan_feature_index AFTER INSERT ON minplan_feature BEGIN
      INSERT INTO minplan_feature_time VALUES (
        NEW.id, NEW.plan_id, NEW.plan_id,
        julianday(NEW.effective_from) - 2400000.5,
        coalesce(julianday(NEW.effective_to) - 2400000.5, 9999999),
        (julianday(NEW.recorded_from) - 2461041.5) * 86400 - 0.01,
        coalesce((julianday(NEW.recorded_to) - 2461041.5) * 86400 + 0.01, 1e15));
      INSERT INTO minplan_feature_box
        SELECT NEW.id, NEW.west, NEW.east, NEW.south, NEW.north WHERE NEW.west IS NOT NULL;
    END
    """,
    """
    CREATE TRIGGER minplan_feature_reindex AFTER UPDATE OF recorded_to ON minplan_feature BEGIN
      UPDATE minplan_feature_time SET recorded_to =
        coalesce((julianday(NEW.recorded_to) - 2461041.5) * 86400 + 0.01, 1e15)
      WHERE id = NEW.id;
    END
    """,
)

# Names sort by code point on both engines ("C"), which also makes their indexes faster.
POSTGRESQL = (
    'ALTER TABLE minplan_operation ALTER COLUMN layer TYPE varchar(60) COLLATE "C",'
    ' ALTER COLUMN key TYPE varchar(200) COLLATE "C"',
    'ALTER TABLE minplan_feature ALTER COLUMN layer TYPE varchar(60) COLLATE "C",'
    ' ALTER COLUMN key TYPE varchar(200) COLLATE "C"',
    "CREATE INDEX minplan_feature_box ON minplan_feature USING gist (geometry)",
    "CREATE INDEX minplan_feature_time ON minplan_feature USING gist (plan_id,"
    " daterange(effective_from, effective_to), tstzrange(recorded_from, recorded_to))",
    # plan, layer and key as one number: GiST compares texts many times slower
    "ALTER TABLE minplan_feature ADD CONSTRAINT minplan_feature_one_belief EXCLUDE USING gist ("
    "(hashtextextended(layer || '/' || key, plan_id)) WITH =,"
    " daterange(effective_from, effective_to) WITH &&,"
    " tstzrange(recorded_from, recorded_to) WITH &&)",
)


def add_indexes(apps, schema_editor):
    """Create the indexes and triggers of the engine."""
    connection = schema_editor.connection
    statements = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    locks.install(connection)


class Migration(migrations.Migration):
    """Index intervals, lock history."""

    dependencies = [("minplan", "0001_tables")]

    operations = [migrations.RunPython(add_indexes, migrations.RunPython.noop)]
