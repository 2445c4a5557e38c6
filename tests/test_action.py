"""The composite action: each of its steps is run by a shell, as the platform documents it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from gate_project import MEMO, POLICY, company, project, waivers, write
from git_project import clean, commit, copy_of_ours, git

from ddcheck.engine.commands.outputs import OUTPUTS

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]
BASE = "github.event.pull_request.base.sha || github.event.merge_group.base_sha"

needs = pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("git", "bash")), reason="git or bash is not here"
)
formats = pytest.mark.skipif(
    not {"github", "markdown"} <= set(OUTPUTS), reason="the formats that the action asks for"
)


class Ran(NamedTuple):
    """What a job came to: its exit code, what stands in the log, its outputs and summary."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


class Job:
    """A runner: steps with the variables and files that the platform documents."""

    def __init__(self, folder: Path, repository: Path, command: str) -> None:
        self.folder = folder
        self.repository = repository
        self.temp = folder / "runner temp"  # a blank, as on machines of one's own
        self.temp.mkdir(parents=True)
        self.command = command

    def run(self, event: str, base: str = "", **inputs: str) -> Ran:
        """Every step but the ones that others wrote and the installation; until one fails."""
        known = {name: str(entry.get("default", "")) for name, entry in ACTION["inputs"].items()}
        unknown = set(inputs) - {name.replace("-", "_") for name in known}
        assert not unknown
        given = {name: inputs.get(name.replace("-", "_"), value) for name, value in known.items()}
        context = {f"inputs.{name}": value for name, value in given.items()}
        context |= {"github.event_name": event, BASE: base}
        tool = self.temp / "ddcheck-venv" / "bin" / "ddcheck"
        write(tool, f"#!/bin/sh\n{self.command}\n")
        tool.chmod(0o755)
        log, summary, found = "", "", {}
        for step in STEPS:
            if "uses" in step or step["name"] == "Install ddcheck":
                continue
            code, text, outputs, said = self._step(step, context)
            log, summary = log + text, summary + said
            context |= {f"steps.{step['id']}.outputs.{key}": v for key, v in outputs.items()}
            found |= outputs
            if code:
                return Ran(code, log, found, summary)
        return Ran(0, log, found, summary)

    def _step(
        self, step: Mapping[str, Any], context: Mapping[str, str]
    ) -> tuple[int, str, dict[str, str], str]:
        script = self.folder / "step.sh"
        write(script, step["run"])
        files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            write(path, "")
        own = {key: _filled(value, context) for key, value in step.get("env", {}).items()}
        around = {
            **clean(), "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(self.repository), "RUNNER_TEMP": str(self.temp),
            **{name: str(path) for name, path in files.items()}, **own,
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.repository, env=around, capture_output=True, text=True, check=False,
        )  # fmt: skip
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        return done.returncode, done.stdout + done.stderr, outputs, summary


def _filled(value: str, context: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: context[found[1]], value)


@pytest.fixture
def fund(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose main branch passes, on a branch of its own."""
    folder = tmp_path / "fund"
    folder.mkdir()
    monkeypatch.chdir(folder)
    git("init", "-q", "-b", "main", ".")
    project(folder, before="80", now="100")
    write(folder / "memos" / "acme.md", _memo("100 million"))
    commit("base")
    git("checkout", "-q", "-b", "change")
    return folder


def _memo(sales: str) -> str:
    """A memo that answers no flag."""
    text = MEMO.replace("80 million", sales)
    old = "One customer left, which explains why [sales fell](dd:flag/revenue-falling) so fast."
    assert old in text
    return text.replace(old, "None at this level.")


@pytest.fixture
def job(tmp_path: Path, fund: Path) -> Job:
    """A runner whose ddcheck is the one under test, on a fixed day."""
    command = f'exec "{sys.executable}" -m ddcheck "$@"'
    fixed = command.replace('-m ddcheck "$@"', '-m ddcheck gate --today 2026-11-21 "$@"')
    return Job(tmp_path / "job", fund, f"shift; {fixed}")


def _main() -> str:
    return git("rev-parse", "main")


# --- what stands in the file


def test_what_others_wrote_is_pinned_to_a_commit() -> None:
    lines = (ROOT / "action.yml").read_text(encoding="utf-8").splitlines()
    uses = [line.strip() for line in lines if "uses:" in line and not line.strip().startswith("#")]
    assert len(uses) == 1
    assert all(re.fullmatch(r"- uses: [\w/-]+@[0-9a-f]{40} # v[\d.]+", line) for line in uses)


def test_no_input_is_written_into_a_script() -> None:
    assert [step.get("name") for step in STEPS if "${{" in step.get("run", "")] == []
    assert all(step["shell"] == "bash" for step in STEPS if "run" in step)


def test_it_needs_no_secret_and_no_token() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert not re.search(r"\$\{\{[^}]*(secrets|token)|GITHUB_TOKEN|GH_TOKEN", text)


def test_every_input_says_what_it_is_and_is_used() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for name, entry in ACTION["inputs"].items():
        assert set(entry) == {"description", "default"}
        assert f"${{{{ inputs.{name} }}}}" in text


# --- what the steps do


@needs
@formats
def test_a_change_that_passes(job: Job) -> None:
    ran = job.run("pull_request", _main())
    short = git("rev-parse", "--short=7", "main")
    verdict = (
        "ddcheck: PASS · companies 1 (0 failing; 0 waived, 0 known) · memos 1 (1 claims: 1 match; "
        f"0 numbers untagged) · policy ddcheck.yaml@{short}"
    )
    assert (ran.code, ran.outputs) == (
        0, {"ref": _main(), "verdict": verdict, "code": "0"}
    )  # fmt: skip
    assert "memos/acme.md" in ran.summary
    assert not re.search(r"^::(error|warning)", ran.log, re.MULTILINE)


@needs
@formats
def test_a_false_number_is_an_annotation_at_its_line(job: Job, fund: Path) -> None:
    write(fund / "memos" / "acme.md", _memo("110 million"))
    commit("a false number")
    ran = job.run("pull_request", _main())
    assert (ran.code, ran.outputs["code"]) == (1, "1")
    assert re.search(
        r"^::error file=memos/acme\.md,line=8,endLine=8,col=13,endColumn=24,", ran.log, re.MULTILINE
    )
    assert "1 false" in ran.outputs["verdict"]


@needs
@formats
@pytest.mark.parametrize("how", ["level", "waiver"])
def test_a_change_does_not_decide_by_its_own_terms(how: str, job: Job, fund: Path) -> None:
    write(fund / "companies" / "acme.yaml", company(now="80"))
    write(fund / "memos" / "acme.md", _memo("80 million"))
    if how == "level":
        write(fund / "ddcheck.yaml", POLICY.replace("high", "critical"))
    else:
        waivers(fund, {})
    commit("looser")
    assert job.run("push").code == 0
    assert job.run("pull_request", _main()).code == 1
    assert job.run("merge_group", _main()).code == 1
    assert job.run("push", policy_ref="main").code == 1


@needs
@formats
def test_only_what_is_new_fails_where_that_is_asked_for(job: Job, fund: Path) -> None:
    write(fund / "companies" / "acme.yaml", company(now="80"))
    (fund / "memos" / "acme.md").unlink()  # a memo has to answer what is known as well
    known = commit("falls")
    assert job.run("pull_request", known).code == 1
    assert job.run("pull_request", known, only_new="true").code == 0
    assert job.run("pull_request", _main(), only_new="true").code == 1
    ran = job.run("pull_request", known, only_new="yes")
    assert (ran.code, "only-new is true or false" in ran.log) == (2, True)


@needs
@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run"])
def test_an_event_with_a_token_is_refused(event: str, job: Job) -> None:
    ran = job.run(event, _main())
    assert (ran.code, ran.log.startswith(f"::error title=ddcheck::{event} gives a token")) == (
        2, True
    )  # fmt: skip


@needs
def test_a_checkout_without_its_base_is_refused(
    job: Job, fund: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(fund / "note.txt", "one more commit")
    commit("change")
    shallow = job.folder / "shallow"
    git("clone", "-q", "--depth=1", f"file://{fund}", str(shallow))
    base = _main()
    job.repository = shallow
    ran = job.run("pull_request", base)
    assert (ran.code, "fetch-depth 0" in ran.log) == (2, True)
    ran = job.run("pull_request", "")
    assert (ran.code, "names no base commit" in ran.log) == (2, True)


@needs
@formats
def test_inputs_are_words_and_never_commands(job: Job, fund: Path) -> None:
    trap = f"$(touch {fund}/pwned)`touch {fund}/pwned`; touch {fund}/pwned"
    for name in ("paths", "config", "policy_ref", "language", "output", "only_new"):
        assert job.run("pull_request", _main(), **{name: trap}).code == 2, name
    assert not (fund / "pwned").exists()
    # An option among the paths is a path that is not there.
    ran = job.run("pull_request", _main(), paths="--fail-on\nlow")
    assert ran.code == 2


@needs
@formats
def test_paths_and_reports_one_a_line(job: Job, fund: Path) -> None:
    write(fund / "more memos" / "second memo.md", _memo("100 million"))
    ran = job.run(
        "push",
        paths="\n  acme\n\n  more memos/second memo.md\n",
        output="json:all.json\nsarif:s.sarif",
    )
    assert ran.code == 0
    assert "companies 1" in ran.outputs["verdict"]
    assert "memos 1" in ran.outputs["verdict"]
    assert (fund / "all.json").is_file()
    assert (fund / "s.sarif").is_file()


@needs
@formats
def test_what_is_quoted_is_not_taken_for_a_command(job: Job, fund: Path) -> None:
    """Commands in a memo stand between the two lines that stop them, with an unguessable word."""
    text = _memo("110 million") + "\n::error::forged\n"
    write(fund / "memos" / "acme.md", text)
    write(fund / "companies" / "beta.yaml", "::error::forged\n")
    commit("hostile")
    ran = job.run("pull_request", _main())
    assert ran.code == 2
    stop = re.search(r"^::stop-commands::([0-9a-f]{32})$", ran.log, re.MULTILINE)
    assert stop is not None
    inside, after = ran.log[stop.end() :].split(f"\n::{stop[1]}::\n")
    assert "ddcheck: CANNOT JUDGE" in inside
    assert not re.search(r"^\s*::error::forged", after, re.MULTILINE)
    assert not re.search(r"^\s*::", ran.log[: stop.start()], re.MULTILINE)


@needs
def test_no_verdict_is_no_pass(job: Job) -> None:
    job.command = "exit 0"
    assert job.run("push").code == 3
    job.command = "echo 'ddcheck: PASSED over'"
    assert job.run("push").code == 3
    job.command = "exit 1"
    assert job.run("push").code == 1


@needs
def test_the_action_installs_its_own_commit(tmp_path: Path) -> None:
    """The step as it stands: a clone of the working tree is installed, and its command runs."""
    step = next(step for step in STEPS if step.get("name") == "Install ddcheck")
    clone = copy_of_ours(tmp_path / "_actions" / "v1")
    around = {
        **clean(), "GITHUB_ACTION_PATH": str(clone), "RUNNER_TEMP": str(tmp_path / "t"),
        "PATH": f"{Path(sys.executable).parent}:{clean()['PATH']}",
    }  # fmt: skip
    around.pop("PYTHONPATH", None)
    (tmp_path / "t").mkdir()
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    subprocess.run(script, cwd=tmp_path, env=around, check=True, capture_output=True)
    tool = tmp_path / "t" / "ddcheck-venv" / "bin" / "ddcheck"
    for words in (["init", "work"], ["--version"]):
        subprocess.run([tool, *words], cwd=tmp_path, env=around, check=True, capture_output=True)
    done = subprocess.run(
        [tool, "gate"], cwd=tmp_path / "work", env=around, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[-1][:15]) == (0, "ddcheck: PASS ·")


# --- the job for GitLab


@needs
@pytest.mark.skipif(not {"gitlab", "junit"} <= set(OUTPUTS), reason="its formats are not here")
def test_the_job_for_gitlab(job: Job, fund: Path, tmp_path: Path) -> None:
    page = (ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8")
    entry = yaml.safe_load(page)["ddcheck"]
    assert entry["variables"]["GIT_DEPTH"] == "0"
    tool = tmp_path / "venv" / "bin" / "ddcheck"
    write(tool, f"#!/bin/sh\n{job.command}\n")
    tool.chmod(0o755)
    write(fund / "companies" / "acme.yaml", company(now="80"))
    write(fund / "memos" / "acme.md", _memo("80 million"))
    write(fund / "ddcheck.yaml", POLICY.replace("high", "critical"))
    commit("looser")

    def run(**given: str) -> int:
        around = {**clean(), "DDCHECK_OPTIONS": "", "DDCHECK_VENV": str(tmp_path / "venv"), **given}
        script = "\n".join(entry["script"])
        return subprocess.run(["sh", "-euc", script], env=around, check=False).returncode

    # A pipeline of the branch has no base and is judged by itself, one of a merge request is not.
    assert run() == 0
    assert run(CI_MERGE_REQUEST_DIFF_BASE_SHA=_main()) == 1
    for kind, name in entry["artifacts"]["reports"].items():
        assert (fund / name).stat().st_size > 2, kind
    assert run(CI_MERGE_REQUEST_DIFF_BASE_SHA=_main(), DDCHECK_OPTIONS="--fail-on critical") == 0
    assert run(CI_MERGE_REQUEST_DIFF_BASE_SHA="0" * 40) == 2
