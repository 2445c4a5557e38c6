"""Chinese for parameters, their layers and days to come, by the English template."""

WORDS: dict[str, str] = {
    "Parameters as they hold on {day} · today {today}": "参数（{day}有效值）· 今天{today}",
    "packs {packs}": "规则包 {packs}",
    "policy {path}": "政策文件 {path}",
    "in force": "现值",
    "default": "默认值",
    "bounds": "允许范围",
    "looser": "放宽",
    "tighter": "收紧",
    "changed": "改动",
    "no value": "无取值",
    "{value} from {day}": "{day}起{value}",
    "becomes {value} on {day}": "{day}起变为{value}",
    "becomes {severity} on {day}": "{day}起变为{severity}",
    "locked at {place}": "已锁定：{place}",
    "locked with {name} at {place}": "随{name}一并锁定：{place}",
    "last reviewed on {day}, more than a year ago": "上次复核{day}，已逾一年",
    "last reviewed on {day}": "上次复核{day}",
    "reference: {text}": "依据：{text}",
    "used by {names}": "用于 {names}",
    "used by nothing in these packs": "在这些规则包中未被使用",
    "FIELDS THAT LAYERS REPLACE": "被上层覆盖的字段",
    "SWITCHED OFF": "已停用",
    "{now}, in its pack {before}": "{now}；原规则包为{before}",
    "RULES THAT COUNT FROM A LATER DAY": "尚未生效的规则",
    "counts from {day}": "{day}起生效",
    "LOCKED, WITH WHAT THEY REST ON": "已锁定（连同其所依据的指标与参数）",
    "`{id}` is looser than in pack `{where}`: {now}, there {before}": (
        "`{id}`较规则包`{where}`放宽：现为{now}，原为{before}"
    ),
    "`{id}` will be looser than in pack `{layer}`": "`{id}`将较规则包`{layer}`放宽",
    "`{field}` of `{id}` is looser than in its pack: {now}, there {before}": (
        "`{id}`的`{field}`较其规则包放宽：现为{now}，原为{before}"
    ),
    "`{id}` is switched off: {reason}": "`{id}`已停用：{reason}",
    "`{id}` is put off: it counts from {day}": "`{id}`已推迟：{day}起生效",
    "`{rule}` is {outcome} for `{company}` and becomes {severity} on {day}": (
        "`{company}`的`{rule}`目前为“{outcome}”，{day}起升为“{severity}”"
    ),
}
