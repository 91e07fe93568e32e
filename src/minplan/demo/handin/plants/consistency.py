"""Faults between layers, tables and the database."""

from __future__ import annotations

from minplan.demo.handin.plants.planting import At, Folder, plant


@plant("Q-CO-01", "区块没有列在附表中", "a block is not in its table")
def not_listed(folder: Folder) -> At:
    """A row of the table of blocks is left out."""
    with folder.layer("KCQKB") as layer:
        key = layer.identifiers()[3]
        block = layer.value(key, "QKBSM")
        layer.drop(key)
    return At(key=block)


@plant("Q-CO-02", "附表多列一个分区", "a row of a zone that is not there")
def not_drawn(folder: Folder) -> At:
    """A zone under an identifier that no layer has."""
    with folder.layer("FQB") as layer:
        key = layer.identifiers()[3]
        layer.copy(key, BSM=f"{key}-2", FQBSM="X999", FQMC="不存在的分区")
    return At(layer="FQB", key=f"{key}-2")


@plant("Q-CO-03", "附表的分区名称与图层不同", "a table names a zone otherwise")
def named_otherwise(folder: Folder) -> At:
    """Another name in the table."""
    with folder.layer("FQB") as layer:
        key = layer.identifiers()[3]
        layer.set(key, FQMC="另一个名称")
    return At(layer="FQB", field="FQMC", words="另一个名称")


@plant("Q-CO-04", "区块数量表多一个", "a number of blocks that is one too many")
def number_of_blocks(folder: Folder) -> At:
    """One block more than is drawn."""
    with folder.layer("QKSL") as layer:
        key = layer.identifiers()[0]
        layer.set(key, GS=layer.value(key, "GS") + 1)
    return At(layer="QKSL")


@plant("Q-CO-05", "分矿种拟设数之和多一个", "rights by mineral add up to one more")
def rights_by_mineral(folder: Folder) -> At:
    """One right more for a mineral of an area."""
    with folder.layer("FQKZ") as layer:
        key = next(key for key in layer.identifiers() if layer.value(key, "NSCKQS"))
        layer.set(key, NSCKQS=layer.value(key, "NSCKQS") + 1)
    return At()


@plant("Q-CO-06", "分县修复面积之和与全市不等", "the shares of counties are not the whole")
def shares(folder: Folder) -> At:
    """Ten hectares less for a county."""
    with folder.layer("XFJB") as layer:
        key = layer.identifiers()[-1]
        layer.set(key, FJZ=layer.value(key, "FJZ") - 10)
    return At()


@plant("Q-CO-07", "一县的控制总量超过全市", "the cap of a county is above the whole")
def cap_of_county(folder: Folder) -> At:
    """Twice the cap of the city for a county."""
    with folder.layer("XZQ") as layer:
        county = layer.value(layer.identifiers()[0], "MC")
    with folder.layer("ZLKZ") as layer:
        key = next(key for key in layer.identifiers()
                   if layer.value(key, "KZ") and not layer.value(key, "XQMC"))  # fmt: skip
        high = layer.value(key, "SX") * 2
        told = {"XX": high, "SX": high, "XXWB": f"{high:g}", "SXWB": f"{high:g}"}
        layer.copy(key, BSM=f"{key}-2", XQMC=county, XH=999, **told)
    return At(layer="ZLKZ")


@plant("Q-CO-08", "数据库中的保护区没有交", "an area of the database is not handed in")
def not_handed_in(folder: Folder) -> At:
    """A protection area is left out."""
    with folder.layer("BHQ") as layer:
        key = layer.identifiers()[-1]
        layer.drop(key)
    return At(key=key)


@plant("Q-CO-09", "保护区名称与数据库不同", "the database names an area otherwise")
def renamed(folder: Folder) -> At:
    """Another name in the layer."""
    with folder.layer("BHQ") as layer:
        key = layer.identifiers()[3]
        layer.set(key, MC="另一个保护区")
    return At(layer="BHQ", key=key)


@plant("Q-CO-10", "矿产地用了采矿权的标识码", "a deposit has the identifier of a right")
def identifier_shared(folder: Folder) -> At:
    """One identifier in two layers."""
    with folder.layer("CKQ") as layer:
        key = layer.identifiers()[0]
    with folder.layer("KCD") as layer:
        layer.set(layer.identifiers()[3], BSM=key)
    return At(key=key)


@plant("Q-CO-11", "规划信息有两行", "two rows of identity")
def identity_twice(folder: Folder) -> At:
    """A code of a county with two names."""
    with folder.layer("GHXX") as layer:
        key = layer.identifiers()[0]
        layer.copy(key, BSM=f"{key}-2", BBH="2")
    return At(layer="GHXX")
