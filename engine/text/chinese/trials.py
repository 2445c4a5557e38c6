"""Chinese for the tests beside the rules, by the English template."""

WORDS: dict[str, str] = {
    "FAILED {id}: expected {wanted}, got {got}": "未通过 {id}：应为{wanted}，实为{got}",
    "no test of `{name}`": "`{name}`没有测试",
    "{passed} passed, {failed} failed, {untested} untested":
        "{passed}项通过，{failed}项未通过，{untested}项无测试",
    "nothing was tested": "没有可运行的测试",
    "Tests beside the rules": "规则自带测试",
    "What the tests reach": "测试覆盖",
    "What the tests would notice": "变异检验",
    "Equivalent, with the reason": "等价变异及理由",
    "Coverage: {reached} of {total} points reached ({percent} %)":
        "覆盖：{total}个检查点中已达{reached}个（{percent}%）",
    "Mutants: {noticed} of {total} noticed ({percent} %); {excused} equivalent, "
    "{refused} refused by the checker":
        "变异：{total}处改动中{noticed}处被测试发现（{percent}%）；等价{excused}处，"
        "另有{refused}处在检查阶段即被拒绝",
    # what no test shows
    "no test raises {detail}": "没有测试触发{detail}级红旗",
    "no test passes": "没有测试判为通过",
    "no test in which it holds": "没有测试使其成立",
    "no test in which it does not hold": "没有测试使其不成立",
    "no test is unknown": "没有测试判为未知",
    "no test to which it does not apply": "没有测试判为不适用",
    "no test of a value": "没有测试核对数值",
    "no test works out {detail}": "没有测试算出{detail}",
    "no test of the range between": "没有测试核对区间",
    "no test is graded {detail}": "没有测试评为{detail}",
    "no test on the limit of {detail}": "没有测试恰在{detail}的界限上",
    "no test just beyond the limit of {detail}": "没有测试刚越过{detail}的界限",
    "no test takes the branch {detail}": "没有测试走到分支{detail}",
    "no test in which nothing decides alone: {detail}":
        "没有测试使各条件均不单独起决定作用：{detail}",
    "no test in which this alone decides: {detail}": "没有测试使该条件单独起决定作用：{detail}",
    # sorts of change
    "limit": "界限",
    "comparison": "比较符",
    "and/or": "与/或",
    "not": "非",
    "term dropped": "删去一项",
    "sign": "正负号",
    "period": "期间",
    "function": "函数",
    "letter": "评级",
}  # fmt: skip
