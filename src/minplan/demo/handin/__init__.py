"""A complete hand-in (汇交成果) of the demo plan, made from its facts, and faults planted in it.

The hand-in is sound: where the published plan contradicts itself one value is taken, what it does
not publish (blocks, rights, patches) is schematic (示意). Planted faults show what the quality
checks find, one for each check.
"""
