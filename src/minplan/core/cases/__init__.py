"""Review cases (审查案卷): the way from intake to the archived opinion, as data."""

from minplan.core.cases.deadline import Deadline, Pace, after_working_days, deadline
from minplan.core.cases.rules import Standing, refusal, require
from minplan.core.cases.workflow import State, Transition, find, transitions

__all__ = [
    "Deadline",
    "Pace",
    "Standing",
    "State",
    "Transition",
    "after_working_days",
    "deadline",
    "find",
    "refusal",
    "require",
    "transitions",
]
