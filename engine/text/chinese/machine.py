"""Chinese for the formats that machines read, by the English template."""

WORDS: dict[str, str] = {
    "{company}: {severity} flag at {period}: {message}": (
        "{company}：{period}触发红旗（{severity}）：{message}"
    ),
    "{company}: unknown: {title}": "{company}：未知：{title}",
    "{company}: must be known and is unknown: {title}": "{company}：必须查明而未知：{title}",
    "{text} (missing: {facts})": "{text}（缺少：{facts}）",
    "waived by {owner}, approved by {approver}: {reason}": (
        "已豁免（责任人{owner}，批准人{approver}）：{reason}"
    ),
    "known before: it is in the baseline": "此前已知：列于基线",
    "{text} ({target}): {verdict}: {message}": "{text}（{target}）：{verdict}：{message}",
    "{code}: a mistake in a file": "{code}：文件有误",
    "{count} more errors": "另有{count}项错误",
    "{count} more warnings": "另有{count}项警告",
    "{count} more notes": "另有{count}项提示",
    "{more} are not shown as annotations: see the summary": "{more}未以批注显示：请见摘要",
    "{count} more are left out: a file may hold so many": "另有{count}项因文件上限未列出",
    "not judged: the file has mistakes, or decides nothing": "未作判定：文件有误，或无法据以判定",
    "nothing is claimed in this memo": "备忘录未作任何断言",
    "A claim holds only within the rounding of the facts": "断言仅在事实的舍入范围内成立",
    "A claim of a memo does not agree with the facts": "备忘录的断言与事实不符",
    "A claim of a memo has more digits than the facts bear": "备忘录断言的精度超出事实所能支持",
    "A claim of a memo cannot be judged": "备忘录的断言无法判断",
    "A memo does not answer a flag": "备忘录未回应红旗",
    "A memo answers a flag that is not up": "备忘录回应了并未触发的红旗",
    "A memo does not own up to an unknown that must be known": "备忘录未交代必须查明的未知事项",
    "A memo lacks a section that the policy wants": "备忘录缺少政策要求的章节",
    "A section of a memo that the policy wants is empty": "政策要求的备忘录章节为空",
    "A memo has no recommendation": "备忘录没有投资建议",
    "A recommendation that the policy does not know": "政策中没有的投资建议",
    "A recommendation that the policy forbids for the grade": "政策不允许在该评级下作出的投资建议",
    "A memo cites a source that is younger than it": "备忘录引用了晚于其日期的来源",
    "A number of a memo has no tag": "备忘录中的数字未加标签",
    "A waiver no longer holds": "豁免已不再成立",
    "A waiver has expired": "豁免已到期",
    "A waiver covers nothing": "豁免未覆盖任何事项",
    "An entry of the baseline no longer occurs": "基线条目已不再出现",
    "The baseline was written": "基线已写入",
    "There is no baseline yet": "尚无基线",
    "A change alters what decides on it": "变更改动了裁决其自身的依据",
}
