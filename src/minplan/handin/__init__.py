"""The hand-in (成果汇交): a plan taken in from a folder or a file, and handed on as a folder.

``export`` writes the folder of the standard, ``intake`` takes a folder, a file or a plan package
into the planning database. Both need a configured database (:mod:`minplan.database`).
"""
