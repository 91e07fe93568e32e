"""The tables; PostgreSQL needs two extensions first."""

import django.db.models.deletion
from django.db import migrations, models

import minplan.database.fields


def add_extensions(apps, schema_editor):
    """Geometry columns, and constraints over intervals, are extensions of PostgreSQL."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


class Migration(migrations.Migration):
    """Create all tables."""

    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.RunPython(add_extensions, migrations.RunPython.noop),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("recorded", models.DateTimeField()),
                ("actor", models.CharField(max_length=120)),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=200)),
                ("content", minplan.database.fields.JSONTextField()),
                ("previous", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("registered", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Original",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("recorded", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="LayerVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("act", models.TextField(default="")),
                ("effective_from", models.DateField(null=True)),
                ("effective_to", models.DateField(null=True)),
                ("source", models.TextField(default="")),
                ("owner", models.TextField(default="")),
                ("extent", minplan.database.fields.JSONTextField(null=True)),
                ("coverage", minplan.database.fields.JSONTextField(null=True)),
                ("feature_count", models.BigIntegerField(default=0)),
                ("schematic", models.BooleanField(default=False)),
                ("quality", models.TextField(default="")),
                ("recorded", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "sha256"), name="minplan_layer_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=120, unique=True)),
                ("level", models.CharField(max_length=20)),
                ("region_code", models.CharField(max_length=12)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("registered", models.DateTimeField()),
                ("last_recorded", models.DateTimeField(null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="minplan.edition"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Changeset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        max_length=20,
                    ),
                ),
                ("basis", models.TextField()),
                ("author", models.CharField(max_length=120)),
                ("approver", models.CharField(default="", max_length=120)),
                (
                    "state",
                    models.CharField(
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("opened", models.DateTimeField()),
                ("checked", models.DateTimeField(null=True)),
                ("approved", models.DateTimeField(null=True)),
                ("effective", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                ("operations_count", models.BigIntegerField(default=0)),
                ("operations_sha256", models.CharField(default="", max_length=64)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="minplan.plan"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("year", models.IntegerField()),
                ("serial", models.IntegerField()),
                ("date", models.DateField()),
                ("verdict", models.CharField(max_length=40)),
                ("plan_sha256", models.CharField(max_length=64)),
                ("rule_edition", models.CharField(max_length=64)),
                ("layers", minplan.database.fields.JSONTextField()),
                ("record", minplan.database.fields.JSONTextField()),
                ("recorded", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("year", "serial"), name="minplan_review_serial")
                ],
            },
        ),
        migrations.CreateModel(
            name="Operation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
                (
                    "action",
                    models.CharField(
                        max_length=10,
                    ),
                ),
                ("layer", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=200)),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(null=True)),
                ("attributes", minplan.database.fields.JSONTextField(null=True)),
                ("geometry", minplan.database.fields.GeometryField(null=True)),
                ("west", models.FloatField(null=True)),
                ("south", models.FloatField(null=True)),
                ("east", models.FloatField(null=True)),
                ("north", models.FloatField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("faults", minplan.database.fields.JSONTextField(null=True)),
                (
                    "changeset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="minplan.changeset"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("changeset", "layer", "key", "number"),
                        name="minplan_operation_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OriginalPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("content", models.BinaryField()),
                (
                    "original",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="minplan.original"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("original", "number"), name="minplan_part_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Feature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("layer", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=200)),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(null=True)),
                ("recorded_from", models.DateTimeField()),
                ("recorded_to", models.DateTimeField(null=True)),
                ("attributes", minplan.database.fields.JSONTextField()),
                ("geometry", minplan.database.fields.GeometryField(null=True)),
                ("west", models.FloatField(null=True)),
                ("south", models.FloatField(null=True)),
                ("east", models.FloatField(null=True)),
                ("north", models.FloatField(null=True)),
                ("digest", models.CharField(max_length=64)),
                (
                    "changeset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opened_rows",
                        to="minplan.changeset",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closed_rows",
                        to="minplan.changeset",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="minplan.plan",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["plan", "layer", "key", "recorded_from"],
                        name="minplan_feature_history",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_to", None),
                            ("effective_to__gt", models.F("effective_from")),
                            _connector="OR",
                        ),
                        name="minplan_feature_effective",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_by", None), ("recorded_to", None)),
                            models.Q(
                                ("closed_by__isnull", False),
                                ("recorded_to__gt", models.F("recorded_from")),
                            ),
                            _connector="OR",
                        ),
                        name="minplan_feature_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded_to", None)),
                        fields=("plan", "layer", "key", "effective_from"),
                        name="minplan_feature_believed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deliverable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=255)),
                ("approval_number", models.CharField(default="", max_length=120)),
                ("recorded", models.DateTimeField()),
                (
                    "original",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="minplan.original"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="minplan.plan"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "code", "name", "version"),
                        name="minplan_deliverable_version",
                    )
                ],
            },
        ),
    ]
