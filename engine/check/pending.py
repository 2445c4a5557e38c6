"""Rules whose day is still to come: evaluated and shown, and without weight until then."""

from __future__ import annotations

from ddcheck.engine.model.finding import FLAG, Finding, FindingDetails
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.plan import Rule
from ddcheck.engine.text.once import Once
from ddcheck.engine.text.translate import say

#: What a flag weighs before its rule's day.
_UNTIL_THEN = "info"


def pending(finding: Finding, rule: Rule, day: int, language: str) -> Finding:
    """`finding` as it counts on `day`: before the day of its rule no graver than information.

    Its message says what it becomes, and when.
    """
    since = rule.definition.since
    if since is None or since <= day:
        return finding
    becomes = finding.severity

    def details() -> FindingDetails:
        found = finding.details()
        if finding.outcome != FLAG:
            return found
        later = say(language, "becomes {severity} on {day}", severity=say(language, becomes),
                    day=day_text(since))  # fmt: skip
        between = "；" if language == "zh" else "; "
        return found._replace(
            message=f"{found.message}{between}{later}" if found.message else later
        )

    return finding._replace(
        severity=_UNTIL_THEN,
        worst=_UNTIL_THEN if finding.worst is not None else None,
        becomes=(becomes, since),
        details=Once(details),
    )
