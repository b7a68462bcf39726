"""The kinds of questions, by name; a new kind is a file here and a line below."""

from insights.questions.kinds import adoption, funnel, goes_with, lifecycle, paths, retention, stickiness, trend
from insights.questions.kinds.contracts import Kind

_MODULES = (trend, funnel, retention, stickiness, lifecycle, paths, adoption, goes_with)
KINDS: dict[str, Kind] = {module.KIND.name: module.KIND for module in _MODULES}
