"""Chinese for the gate's report, by the English template."""

WORDS: dict[str, str] = {
    "FAILS": "不通过",
    "WAIVERS": "豁免",
    "waived": "已豁免",
    "waiver void": "豁免失效",
    "WAIVED": "已豁免",
    "ANSWERED IN A MEMO": "备忘录已作答",
    "IN THE BASELINE": "基线内",
    "BELOW THE LEVEL": "低于门槛",
    "THE GATE ITSELF": "关卡自身",
    "grade {ends}": "评级 {ends}",
    "nothing is up at this level": "达到门槛的事项：无",
    "until {day}, by {owner}, approved by {approver}: {reason}": (
        "有效期至{day}，责任人{owner}，批准人{approver}：{reason}"
    ),
    "holds while {condition}": "成立条件：{condition}",
    "answered in {memo}": "已在{memo}中作答",
    "error": "错误",
    "warning": "警告",
    "the waiver of {owner} does not cover it": "{owner}的豁免未能覆盖",
    "it expired on {day}": "已于{day}到期",
    "`{condition}` is not so at {period}": "{period}时“{condition}”不成立",
    "`{condition}` cannot be judged at {period}": "{period}时“{condition}”无法判断",
    "it covers {scope}, not {period}": "仅覆盖{scope}，不含{period}",
    "it was {before} in the baseline and is {now} now": "基线为{before}，现为{now}",
    "its value was not known in the baseline": "基线中没有其数值",
    "its value is no longer known": "其数值现已未知",
    "worse than in the baseline: {before} then, {now} now": "比基线更差：当时{before}，现为{now}",
    "another value than in the baseline: {before} then, {now} now": (
        "与基线数值不同：当时{before}，现为{now}"
    ),
    "the waiver of `{rule}` for `{company}` ({owner}) no longer holds": (
        "`{company}`的`{rule}`豁免（{owner}）已不再成立"
    ),
    "the waiver of `{rule}` for `{company}` ({owner}) expired on {day}: it is back": (
        "`{company}`的`{rule}`豁免（{owner}）已于{day}到期，该事项重新计入"
    ),
    "the waiver of `{rule}` for `{company}` ({owner}) covers nothing": (
        "`{company}`的`{rule}`豁免（{owner}）未覆盖任何事项"
    ),
    "the rule is neither up nor unknown": "该规则既未触发，也非未知",
    "`{rule}` of `{company}` at {period} no longer occurs: remove its entry": (
        "`{company}`的`{rule}`（{period}）已不再出现：请删除该条目"
    ),
    "`{rule}` of `{company}` no longer occurs: remove its entry": (
        "`{company}`的`{rule}`已不再出现：请删除该条目"
    ),
    "findings in the new baseline: {count}": "新基线内的事项：{count}",
    "`{ref}` has no baseline yet: nothing is known before": "{ref}尚无基线：此前没有已知事项",
    "this change alters {files}; what decides is what stood before": (
        "本次变更改动了{files}；裁决仍以变更前的内容为准"
    ),
}
