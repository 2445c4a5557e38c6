"""Chinese for a memo's report and for what is proposed, by the English template."""

WORDS: dict[str, str] = {
    # The head and the parts.
    "as of {day}": "截至{day}",
    "recommendation {word}": "投资建议：{word}",
    "DOES NOT HOLD": "不成立",
    "HOLDS ONLY BY ROUNDING": "仅在四舍五入范围内成立",
    "HOLDS": "成立",
    "THE MEMO AS A WHOLE": "备忘录整体",
    "NUMBERS WITHOUT A TAG": "未标注的数字",
    "and {count} more: --all": "另有{count}项，见 --all",
    "claims: {tagged} tagged{counts} · numbers without a tag: {untagged} · exempt: {exempt}": (
        "论断：已标注{tagged}项{counts} · 未标注数字：{untagged} · 豁免：{exempt}"
    ),
    "PASS": "通过",
    "FAIL": "未通过",
    "error": "错误",
    "warning": "警告",
    # Verdicts and near misses.
    "match": "相符",
    "match-rounded": "舍入相符",
    "mismatch": "不符",
    "overprecise": "精度过高",
    "unresolved": "无法判定",
    "period": "期间",
    "unit": "单位",
    "scale": "量级",
    "sign": "正负号",
    "trend": "趋势",
    "name": "名称",
    "the sign is the other way round: {figure}": "正负号相反：{figure}",
    "it is cut off, not rounded: `?as=trunc` would say so": (
        "这是截断而非四舍五入，可注明 `?as=trunc`"
    ),
    "it is the figure of {name} ({figure})": "这是{name}的数值（{figure}）",
    "it is off by a factor of {factor}": "相差{factor}倍",
    "it is off by a factor of {factor}, and by its sign": "相差{factor}倍，且正负号相反",
    "ten": "十",
    "a hundred, as between per cent and a fraction": "一百（如百分数与小数之别）",
    "a thousand": "一千",
    "ten thousand (万)": "一万",
    "a hundred thousand": "十万",
    "a million": "一百万",
    "a hundred million (亿)": "一亿",
    "a billion": "十亿",
    "known as @{period}: {figure}": "已知的是@{period}：{figure}",
    # What of a claim does not hold, and why.
    "`{text}` is not {figure}, which rounds to {rounded}": (
        "“{text}”与{figure}不符，后者应写作{rounded}"
    ),
    "`{text}` is not {figure}": "“{text}”与{figure}不符",
    "`{text}` is in {unit}: {figure}": "“{text}”的单位是{unit}，而{figure}",
    "`{text}` says more than is known: {figure}": "“{text}”超出已知范围：{figure}",
    "`{text}` has more digits than the facts bear: {figure}, from {low} to {high}": (
        "“{text}”的位数超出数据精度：{figure}，区间为{low}至{high}"
    ),
    "`{text}` holds only within the rounding of the facts: {figure}": (
        "“{text}”仅在数据的舍入误差内成立：{figure}"
    ),
    "`{word}` ({trend}) is not so: {values}": "“{word}”（{trend}）与数据不符：{values}",
    "this number cannot be read": "无法识别该数字",
    # Remarks.
    "no section `{id}`: {titles}": "缺少章节“{id}”：{titles}",
    "section `{id}` is empty": "章节“{id}”没有内容",
    "`{text}` has no tag": "“{text}”未标注",
    "`{rule}` is not up: it is {outcome}": "“{rule}”并未触发：当前为{outcome}",
    "{what} ({title}) is not answered": "{what}（{title}）未作回应",
    "{what} ({title}) is tagged, but not in a section where it counts ({ids})": (
        "{what}（{title}）虽已标注，但不在有效章节内（{ids}）"
    ),
    "{what} ({title}) is tagged, but with fewer than {n} characters of answer": (
        "{what}（{title}）虽已标注，但说明不足{n}字"
    ),
    "no recommendation in the head: {words}": "文首缺少投资建议：{words}",
    "no recommendation is called `{word}` ({help})": "没有名为“{word}”的投资建议（{help}）",
    "`{word}` on a company without a grade": "公司尚无评级，不能给出“{word}”",
    "`{word}` is not allowed on a grade that may be {letter}: {words}": (
        "评级下限为{letter}时不得建议“{word}”，可选：{words}"
    ),
    "source `{id}` was published after the memo's `as_of`": "来源“{id}”的发布日晚于备忘录的截止日",
    # Proposals.
    "PROPOSED": "建议标注",
    "DOUBTFUL": "存疑",
    "{clear} proposed, {doubtful} doubtful, {rest} of {all} numbers without a tag match nothing": (
        "建议{clear}项，存疑{doubtful}项；{all}个未标注数字中{rest}个无匹配"
    ),
}
