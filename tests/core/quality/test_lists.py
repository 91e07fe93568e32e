"""Counts in running text against what is listed beside them, as plans of many provinces write."""

from __future__ import annotations

import pytest
from tests.core.quality.planting import CHINESE, bare, marks

from minplan.core.document.building import document, table
from minplan.core.document.model import PlanDocument
from minplan.core.quality.consistency.lists import Listed, listed

#: Paragraphs are parted by |; each marked number is what is listed, one more or less is not.
LISTED = (
    # numbered in the text behind the count, also over sentences and paragraphs
    "全市矿业发展仍存在«count:三»个方面的突出问题。一是锂矿勘查程度总体偏低，后备基地不足。二是小型矿山"
    "数量多、布局散。三是历史遗留问题较多。",
    "全市矿产资源主要有以下«count:三»个特点：一是煤炭、石灰岩资源丰富，配套程度高；二是煤、铝共生普遍；"
    "三是共伴生组分多。",
    "坚持«count:五»项基本原则：一是生态优先、绿色发展；二是保障安全、增储上产；三是优化布局、协调发展；"
    "四是节约集约、高效利用；五是改革创新、规范管理。",
    "当前面临«count:三»方面挑战：第一，资源接续不足；第二，结构性矛盾突出；第三，修复任务繁重。",
    "规划遵循如下«count:六»项原则：（一）生态优先；（二）节约集约；（三）保障安全；（四）市场配置；"
    "（五）科技引领；（六）统筹协调。",
    "部署矿业绿色转型«count:3»项任务：①推广充填开采、保水开采；②建设智能矿山；③提高“三率”水平。",
    "存在以下«count:三»个方面的问题。|一是勘查投入不足。|二是小型矿山仍多。|三是综合利用率不高。",
    "统筹部署«count:四»项重点工程：|1．找矿突破工程。布设钻探5000米。|2．绿色矿山工程。新建12个。|"
    "3．生态修复工程。治理120公顷。|4．智慧监管工程。建成平台1个。",
    # with the size of each, with what is said of all between, before what bears them, by codes
    "划定重点勘查区«count:3»个，分别为大箐锡矿重点勘查区126.40平方千米、水塘磷矿重点勘查区58.75平方千米、"
    "龙树铜矿重点勘查区47.20平方千米。",
    "划定重点开采区«count:3»个，总面积390.0平方千米，分别为：峰台铁矿重点开采区，面积62.4平方千米；沙河铁矿"
    "重点开采区，面积112.6平方千米；广平地热重点开采区，面积215.0平方千米。",
    "划定岩口煤矿重点开采区86.4平方千米、翁井铝土矿重点开采区52.7平方千米、高坪磷矿重点开采区41.9平方千米，"
    "«count:三»个重点开采区总面积181.0平方千米。",
    "修复任务安排在安陂县、铜坑市、龙溪县和崇岭县，这«count:四»个县（市）占八成。",
    "位于重点勘查区内的有KQ01、KQ02、KQ05和KQ07共«count:4»个区块。",
    "采矿权超过30宗的县（市、区）有柳峰县、罗岭县和砖塘市«count:3»个。",
    "全市划分为东部、中部、南部«count:三»个矿业经济区。",
    "坚持«count:四»项基本原则：坚持生态保护优先，坚持资源安全保障，坚持节约高效利用，坚持创新协调共享。",
    # between ；, however long
    "规划编制和实施坚持以下«count:4»项原则：坚持生态优先、绿色发展；坚持保障安全、强化供给；坚持统筹"
    "布局、集约开发；坚持创新驱动、深化改革。",
    "新建砂石矿山须同时满足«count:三»个条件：年产100万吨以上；服务年限10年以上；距居民区300米以外，"
    "且不在主要交通干线、重要河流两侧直观可视范围内。",
    "规划遵循«count:4»项原则：|坚持生态优先、绿色发展；|坚持保障安全；|坚持统筹布局；|坚持改革创新。",
    # counties and towns, several lists one after the other, added up
    "规划范围包括新源区、城北区、登峪市、石岭县、临溪县、汝东县«count:6»个县（市、区）。",
    "规划适用于巴音塔拉市、查干诺尔旗、阿尔善旗、东勒旗、兴隆县共«count:5»个旗县市。",
    "县域辖东屏街道、云溪街道、城关街道«count:3»个街道，溪口镇、黄岭镇、湖源镇、云和镇«count:4»个镇，石仓乡、"
    "南坑乡、白岩乡«count:3»个乡，共计«count:10»个乡镇（街道）。",
    "全州辖瑞泽市、澜宁市、永平市«count:3»个县级市和南坪县、怒江县、兰岭县、永和县«count:4»个县。",
    "除望舒、松涧、鹭洲«count:三»个市辖区外，还辖云衢、临江、石门«count:3»县。",
    "矿山主要分布在青山县、白石县、黑河县，共«count:3»个县（区）。",
    # minerals
    "查明资源储量的矿产有萤石、叶蜡石、建筑用石料（凝灰岩）、高岭土、铅锌矿、地热和矿泉水«count:7»种，"
    "矿产地34处。",
    "磷矿、锂矿、水泥用灰岩、砂石«count:4»种矿产年开采总量控制在3560万吨以内。",
    "煤炭、萤石、铜、铅锌银、饰面石材«count:5»类矿产年开采总量提高到6920万吨。",
    "禁止开采砂金、泥炭、石棉、汞矿等«count:四»种矿产。",
    "限制开采钨、锡、锑、离子型稀土«count:4»个矿种。",
    # names in apposition, names behind 即, 分别为, in brackets, before what is counted
    "根据运输条件和环境承载能力，划定东屏、溪口、黄岭«count:3»个集中开采区。",
    "落实国家规划矿区«count:3»个，即西勒旗伊和乌拉煤炭国家规划矿区、兴隆煤炭国家规划矿区和宝格达旗乌兰"
    "陶勒盖铜银矿国家规划矿区。",
    "列入全国名录的绿色矿山有«count:4»家，分别为东源铜矿、江口铜矿、德平萤石矿和彭山石灰岩矿。",
    "省级发证采矿权«count:3»个（青石沟铁矿、黑石沟铁矿、白石沟铜矿）。",
    "在青汀龟背山、白沥石鼓岭、东礁外澳设立重点勘查区«count:3»处。",
    "设立勘查区块«count:3»个，面积分别为12.36平方千米、8.05平方千米和21.47平方千米。",
    # what is told one by one before its count
    "形成东部煤电化、中部冶金建材、西部新能源材料«count:三»大产业集群。",
    "实行省、市、县、乡«count:四»级巡查制度。",
    "市、县两级应建立健全联席会商、年度评估、动态监测、公众监督«count:4»项机制。",
    "坚持“谁开采、谁治理”“谁破坏、谁修复”“谁受益、谁补偿”«count:三»项原则。",
    "乡镇包括云溪镇、城关镇、兰和镇以及石仓乡，共«count:4»个乡镇。",
    "实施«count:三»项重大工程，总投资620万元。|（一）找矿工程。投资3万元。|（二）修复工程。投资5万元。|"
    "（三）监管工程。投资6万元。",
    "包括浔东区、石陂县、茶坪县、古榕县和凤洲市，共«count:5»个县（市、区）。",
    "包括东屏区、南津区«count:2»个区，桂陵县、双岭县、新沅县、青坪县«count:4»个县和代管的冷溪市，共«count:7»个县级行政区。",
    "辖浔东区、浔西区«count:2»个区和凤洲市，石陂县、茶坪县、古榕县«count:3»个县，共«count:6»个县（市、区）。",
    "辖云溪、城关、兰和«count:3»个街道，溪口镇、黄岭镇«count:2»个镇和石仓乡，合计«count:6»个乡镇（街道）。",
    # names with brackets, with their county, items between ，
    "划定重点勘查区«count:4»个，分别为石陂县乌石嶂重点勘查区（186.5平方千米）、茶坪县锡坑重点勘查区（124.3平方千米，"
    "含2个区块）、茶坪县坪田重点勘查区（94.2平方千米）和古榕县汤湖重点勘查区（72.8平方千米），总面积477.8平方千米。",
    "修复以冷溪市锑坑冲、桂陵县黄沙岭和双岭县石坪«count:3»个片区为重点，统筹推进废渣治理。",
    "规划遵循以下«count:四»项基本原则：坚持保障安全、立足国内，坚持生态优先、绿色发展，坚持统筹协调、优化布局，"
    "坚持改革创新、强化监管。",
    "重点在调查监测与确权登记、资源细化调查、灾害监测预警、环境保护与污染处置、地下空间资源化利用等«count:五»个"
    "方面开展攻关。",
    # layouts
    "构建“一核«count:两»带”格局——新城矿业经济核、沿江砂石带、环山石材带。",
    "构建“一核«count:两»带«count:三»区”矿业格局：新城矿业经济核；沿江砂石带、环山饰面石材带；北部铅锌区、"
    "中部煤炭区、南部萤石区。",
    "“«count:三»区”为河西煤炭保供区、玉门石材集聚区和肃北萤石开发区。",
)

#: Right as they stand, though a number misses by one what may be taken for its list.
SOUND = (
    # where, or of which mineral, not names
    "在石岭县、临溪县3个区块开展普查。",
    "登峪市北部、石岭县西部3个区块以铝土矿为主攻矿种。",
    "划定磷矿、锂矿3个重点勘查区。",
    "涉及登峪市、石岭县3个乡镇。",
    "采矿权4个（黄岭镇、溪口镇、湖源镇）。",
    "矿山4座，位于黄岭镇、溪口镇、湖源镇。",
    "在登峪市、石岭县、临溪县划定重点开采区4个。",
    "围绕煤炭、铝土矿、铁矿划定重点勘查区4个。",
    "沿太行山、中条山、吕梁山划定重点勘查区4个。",
    "划定重点勘查区3个，主攻矿种为锡、锑、锰、石灰岩。",
    # conditions, things done, parts of a sentence
    "在资源分布集中、开采条件较好、环境承载力较强的区域划定重点开采区4个。",
    "推进资源整合、关闭退出、技术改造4个煤矿。",
    "划定重点矿区3个，为煤炭、铝土矿、铁矿、石灰岩资源整合提供空间。",
    "以锰矿、重晶石、大理岩为主的4种矿产储量居全省前列。",
    "包括登峪市、石岭县、临溪县在内的4个县（市、区）纳入试点。",
    "优化布局、推进东屏、溪口、黄岭3个集中开采区建设。",
    # groups and kinds hold more than their names
    "石灰岩、白云岩、砂岩矿山4个。",
    "能源矿产、金属矿产、非金属矿产4种。",
    "煤矿、铁矿、铝土矿（4个）均已建成绿色矿山。",
    "3项指标（约束性、预期性）全部完成。",
    # parts of other numbers
    "1区3县（甲区、乙县、丙县、丁县）。",
    "设置2个勘查规划区块、3个开采规划区块，面积分别为12.5平方千米、8.3平方千米。",
    "大型2个，中型3个，小型4个，分别占22%、33%、45%。",
    "设采矿权3个：石灰岩、白云岩各有分布；设探矿权2个：铁矿、铜矿。",
    "辖溪口镇、黄岭镇和石仓乡、南坑乡2个乡。",
    # read in another way they fit
    "三项原则：生态优先、绿色发展，保障安全、强化供给，统筹布局、集约开发。",
    "三个特点：资源丰富，分布集中，埋藏浅。",
    "坚持“谁开采、谁治理”“谁破坏、谁修复”两项原则。",
    "划定重点开采区3个：甲山、乙山、丙山；集中开采区2个：丁沟、戊沟。",
    "部署3个项目：（1）深部勘查；（2）外围普查；（3）综合评价；二是修复工程。",
    # numbered sentences of something else
    "完成五项任务，取得明显成效。一是找矿取得突破；二是结构优化；三是绿色矿山加快；四是修复成效显著。",
    "全市5个县（市、区）开展试点，主要做法：一是统一规划；二是分类推进；三是强化监管；四是加强考核。",
    # set phrases have no list
    "矿产资源勘查开采规划分区和规划区块应与“三区三线”相衔接。",
    "规划分区、规划区块与三区三线相衔接，落实三线一单、“三率”和能耗“双控”要求。",
    "落实“三区三线”，生态保护区、永久基本农田区不得新设采矿权。",
    # may be one county more, or none
    "辖浔东区和石陂县、茶坪县，共3个县（市、区）。",
    "辖浔东区、浔西区2个区，石陂县、茶坪县2个县和浔江开发区，共4个县（区）。",
    "辖浔东区、浔西区2个区，石陂县、茶坪县2个县和浔江开发区，共5个县（区）。",
    "坚持三项原则：坚持保护优先，绿色发展，坚持节约集约，坚持创新驱动。",
    # not listed in full
    "保障措施有四个方面：组织保障、资金保障、科技保障等。",
    "煤炭、铝土矿、石灰岩及其他4种矿产。",
    "划定规划区4个以上：甲山、乙山、丙山。",
    "形成“一核两带三区”的矿业发展格局。加快建设新城核心区、沿江产业带。",
)


def plan(told: str) -> PlanDocument:
    return document("第一章 现状", *told.split("|"))


def misses(told: str) -> list[Listed]:
    return [found for found in listed(plan(told)) if not found.fits]


def one_off(figure: str) -> list[str]:
    """One more, and one less where two are left."""
    if figure == "两":
        return ["三"]
    if figure in CHINESE:
        at = CHINESE.index(figure)
        return [CHINESE[at + 1], *([CHINESE[at - 1]] if at > 2 else [])]
    value = int(figure)
    return [str(value + 1), *([str(value - 1)] if value > 2 else [])]


@pytest.mark.parametrize("told", LISTED)
def test_a_right_count_is_not_told(told: str) -> None:
    assert misses(bare(told)) == []


@pytest.mark.parametrize("told", LISTED)
def test_a_changed_count_is_told(told: str) -> None:
    text = bare(told)
    planted = list(marks(told))
    assert planted
    for _, start, end, figure in planted:
        assert text[start:end] == figure
        for other in one_off(figure):
            found = misses(text[:start] + other + text[end:])
            assert start in [item.count_spot.start for item in found], (figure, other)


@pytest.mark.parametrize("told", SOUND)
def test_what_can_be_meant_otherwise_is_not_told(told: str) -> None:
    assert misses(told) == []


def test_numbered_headings_below_are_counted() -> None:
    parts = (
        "第一章 工程",
        "部署三大工程：",
        "（一）找矿工程",
        "布设钻探。",
        "（二）修复工程",
        "治理。",
    )
    (found,) = [item for item in listed(document(*parts)) if item.count == 3]
    assert (found.size, found.fits) == (2, False)


def test_sections_that_are_each_one_work_are_counted() -> None:
    def sizes(count: str, *titles: str, rest: str = "") -> list[tuple[int, bool]]:
        parts = [part for title in titles for part in (title, "投资620万元。")]
        made = document("第一章 重大工程", f"规划期内实施{count}项重大工程{rest}。", *parts)
        return [(item.size, item.fits) for item in listed(made)]

    works = ("一、找矿突破工程", "二、生态修复工程", "三、智慧监管工程")
    assert sizes("三", *works) == [(3, True)]
    assert sizes("四", *works, "四、保障措施") == [(3, False)]
    assert sizes("三", *works, rest="，总投资1860万元") == [(3, True)]
    assert sizes("四", *works, rest="，总投资1860万元") == [(3, False)]
    assert sizes("四", "一、保障措施", *works) == []


def test_a_cell_of_a_table_is_read() -> None:
    rows = [
        ["内容", "数量"],
        ["部署", "图幅4个（东镇、西镇、南镇）"],
        ["区块", "2个（东山、西山）"],
    ]
    made = document("第一章 部署", table("表1", "工程", rows))
    assert [(item.count, item.size, item.fits) for item in listed(made)] == [
        (4, 3, False),
        (2, 2, True),
    ]
