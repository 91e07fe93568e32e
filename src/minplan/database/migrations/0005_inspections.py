"""Quality checks and waivers of their faults."""

import django.db.models.deletion
from django.db import migrations, models

import minplan.database.fields
from minplan.database import locks


def add_locks(apps, schema_editor):
    """Install the triggers again, now that the tables are there."""
    locks.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("minplan", "0004_case_locks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inspection",
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
                ("series", models.CharField(max_length=255)),
                ("name", models.CharField(max_length=255)),
                ("kind", models.CharField(max_length=20)),
                ("edition", models.CharField(max_length=60)),
                ("date", models.DateField(null=True)),
                ("sha256", models.CharField(max_length=64)),
                ("verdict", models.CharField(max_length=40)),
                ("score", models.FloatField()),
                ("counts", minplan.database.fields.JSONTextField()),
                ("area", models.CharField(default="", max_length=12)),
                ("record", minplan.database.fields.JSONTextField()),
                ("actor", models.CharField(max_length=120)),
                ("recorded", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["series", "recorded"], name="minplan_inspection_series")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "serial"), name="minplan_inspection_serial"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("series", models.CharField(max_length=255)),
                ("check_id", models.CharField(max_length=40)),
                ("fingerprint", models.CharField(max_length=64)),
                ("message", models.TextField()),
                ("reason", models.TextField()),
                ("until", models.DateField(null=True)),
                ("actor", models.CharField(max_length=120)),
                ("recorded", models.DateTimeField()),
                (
                    "ends",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="minplan.waiver"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["series", "fingerprint"], name="minplan_waiver_series")
                ],
            },
        ),
        migrations.RunPython(add_locks, migrations.RunPython.noop),
    ]
