"""`byteplus help errors CODE` tells the truth: each code leads to the exit code that it names."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from test_avatar import ID as AVATAR
from test_avatar import LINE, Vision, barred, looked, refused

import byteplus_cli
from byteplus_cli import errors
from byteplus_cli.api import storage_faults, vision_faults
from byteplus_cli.api.storage_place import Place
from byteplus_cli.commands.explaining import Explanation, explained, explanations, families
from byteplus_cli.commands.making import check_ended_well
from byteplus_cli.errors import ByteplusError, Charge
from byteplus_cli.generation.link import LinkExpired
from byteplus_cli.generation.task import Failure, Task
from conftest import Ran, Shell
from service import Reply, ScriptedService, error, task

TASK = "cgt-20261121101530-ab12c"
CHARGED = {
    "No": [Charge.NO],
    "Not known": [Charge.UNKNOWN],
    "The message says": [Charge.NO, Charge.UNKNOWN],
}
PACKAGE = Path(byteplus_cli.__file__).parent
# Not raised by a class with a code of its own, but from what a service called them.
STATUSES = {"failed", "expired", "cancelled", "unknown", "no_video"}


def of(service: str, call: str = "make") -> list[tuple[str, Explanation]]:
    """The codes of a service, each with what is known of it."""
    found = [known for known in explanations() if (known.service, known.call) == (service, call)]
    return [(code, known) for known in found for code in known.codes]


def assert_charged_as_told(ran: Ran, known: Explanation) -> None:
    said = re.split(r"[.:;]", known.charged)[0]
    assert any(charge in ran.stderr for charge in CHARGED[said]), ran.stderr


@pytest.mark.parametrize(("code", "known"), of("ModelArk"))
def test_a_request_that_is_refused_ends_as_the_explanation_says(
    scripted: Shell, service: ScriptedService, code: str, known: Explanation
) -> None:
    assert known.status is not None
    service.on("POST", error(known.status, code))
    service.on("GET", Reply(body={"items": [], "total": 0}))
    ran = scripted("video create fox --no-wait")
    assert ran.code == known.exit, ran.stderr
    assert f"({code}, request id req-1)" in ran.stderr
    assert_charged_as_told(ran, known)


@pytest.mark.parametrize(("code", "known"), [pair for pair in of("ModelArk") if pair[1].later])
def test_a_task_that_fails_of_it_ends_as_the_explanation_says(
    scripted: Shell, service: ScriptedService, code: str, known: Explanation
) -> None:
    service.on("GET", task(TASK, "failed", error={"code": code, "message": "no"}))
    assert scripted(f"video get {TASK}").code == known.later


@pytest.mark.parametrize(("code", "known"), of("HTTP"))
def test_an_answer_without_a_code_ends_as_the_explanation_says(
    scripted: Shell, service: ScriptedService, code: str, known: Explanation
) -> None:
    status = int(code.removeprefix("http_"))
    service.on("POST", Reply(status, {"message": "no"}))
    service.on("GET", Reply(body={"items": [], "total": 0}))
    ran = scripted("video create fox --no-wait --json")
    assert ran.code == known.exit, ran.stderr
    assert ran.json["error"]["code"] == code
    assert_charged_as_told(ran, known)
    service.on("GET", Reply(status, {"message": "no"}))
    looked_at = scripted(f"video get {TASK}")
    if known.look:
        assert looked_at.code == known.look


def test_what_is_looked_at_and_not_found_ends_as_the_explanation_says(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", error(404, "NotFound.Task"))
    ran = scripted(f"video get {TASK}")
    _, (known,) = explained("NotFound.Task")
    assert ran.code == known.look == 8


def test_a_running_task_that_is_to_be_cancelled_ends_as_the_explanation_says(
    scripted: Shell, service: ScriptedService
) -> None:
    ((code, known),) = of("ModelArk", "cancel")
    service.on("GET", task(TASK, "queued"))
    service.on("DELETE", error(409, code))
    assert scripted(f"video cancel {TASK}").code == known.exit == 9


# --- Avatars ------------------------------------------------------------------------------------


@pytest.fixture
def vision():
    service = Vision()
    yield service
    service.stop()


@pytest.fixture
def avatars(byteplus: Shell, vision: Vision) -> Shell:
    """A command line that talks to the scripted Vision API."""
    byteplus.env.update(
        BYTEPLUS_VISION_URL=vision.root,
        BYTEPLUS_ACCESS_KEY="access-key-for-tests",
        BYTEPLUS_SECRET_KEY="secret-key-for-tests",
    )
    return byteplus


@pytest.mark.parametrize(
    ("code", "known"), of("Vision API") + of("Vision API", "turn") + of("gateway of the Vision API")
)
def test_an_avatar_that_is_refused_ends_as_the_explanation_says(
    avatars: Shell, vision: Vision, code: str, known: Explanation
) -> None:
    assert known.status is not None
    answer = refused(int(code), known.status) if code.isdigit() else barred(code, known.status)
    vision.actions["CVSubmitTask"] = [answer]
    ran = avatars(f"{LINE} --no-wait --timeout 3")
    assert ran.code == known.exit, ran.stderr
    assert_charged_as_told(ran, known)


@pytest.mark.parametrize(("code", "known"), [pair for pair in of("Vision API") if pair[1].later])
def test_an_avatar_that_fails_of_it_ends_as_the_explanation_says(
    avatars: Shell, vision: Vision, code: str, known: Explanation
) -> None:
    vision.actions["CVGetResult"] = [refused(int(code))]
    ran = avatars(f"avatar get {AVATAR}")
    assert ran.code == known.later, ran.stderr


def test_an_avatar_that_cannot_be_cancelled_ends_as_the_explanation_says(
    avatars: Shell, vision: Vision
) -> None:
    ((code, known),) = of("Vision API", "cancel")
    vision.actions["CVGetResult"] = [looked("in_queue")]
    vision.actions["CVCancelTask"] = [refused(int(code))]
    assert avatars(f"avatar cancel {AVATAR}").code == known.exit == 9


# --- Storage, and this program ------------------------------------------------------------------


@pytest.mark.parametrize(("code", "known"), of("storage"))
def test_a_storage_that_refuses_ends_as_the_explanation_says(code: str, known: Explanation) -> None:
    said = f"<Error><Code>{code}</Code><Message>no</Message></Error> status code: {known.status}"
    place = Place.parse("s3://bucket/inputs", None, None)
    told = storage_faults.translate(OSError(f"Error performing PUT: {said}"), place)
    assert (told.code, told.exit_code) == (code, known.exit)


def test_every_code_that_is_known_of_a_service_is_explained() -> None:
    known = {code for family in families().values() for code in family}
    for table in (vision_faults.CODES, vision_faults.GATEWAY, storage_faults.CODES):
        assert set(table) <= known


def test_every_code_of_our_own_is_explained_with_its_exit_code() -> None:
    told = {code: known.exit for code, known in of("byteplus")}
    raised = own_codes()
    found = {code for code, _ in raised}
    assert {"ledger", "usage", "foreign_host", "link_expired", "no_picture"} <= found
    assert {(code, told[code]) for code in found} <= set(raised)
    assert set(told) == found | STATUSES | {"no_api_key", "no_access_key", "no_secret_key"}


@pytest.mark.parametrize("status", ["failed", "expired", "cancelled"])
def test_a_task_that_ended_badly_without_a_reason_is_called_by_its_status(status: str) -> None:
    for code, reason in ((status, None), ("no_video", Failure("no_video", "no"))):
        with pytest.raises(ByteplusError) as raised:
            check_ended_well(Task(TASK, status, failure=reason))
        _, (known,) = explained(code)
        assert (raised.value.code, raised.value.exit_code) == (code, known.exit)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("video create fox", "no_api_key"),
        ("avatar subjects -i https://x.example/a.jpg", "no_access_key"),
    ],
)
def test_a_key_that_is_missing_is_explained(byteplus: Shell, line: str, code: str) -> None:
    ran = byteplus(f"{line} --json")
    assert ran.json["error"]["code"] == code
    assert ran.code == explained(code)[1][0].exit
    assert byteplus(f"help errors {code}").code == 0


def own_codes() -> list[tuple[str, Any]]:
    """Every code that an error of ours is raised with, and the exit code of its class."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        if "sandbox" in path.parts and path.name != "sandbox.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found += [(code, exit_of(node.name)) for code in default_codes(node)]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found += [(code, exit_of(node.func.id)) for code in given_codes(node)]
    return [(code, exit) for code, exit in found if exit]


def default_codes(node: ast.ClassDef) -> list[str]:
    return [
        str(line.value.value)
        for line in node.body
        if isinstance(line, ast.Assign)
        and isinstance(line.targets[0], ast.Name)
        and line.targets[0].id == "default_code"
        and isinstance(line.value, ast.Constant)
    ]


def given_codes(node: ast.Call) -> list[str]:
    return [
        str(word.value.value)
        for word in node.keywords
        if word.arg == "code" and isinstance(word.value, ast.Constant)
    ]


def exit_of(name: str) -> int | None:
    if name == "Detached":
        return 130
    known = {"LinkExpired": LinkExpired, "LedgerError": errors.InvalidRequest}
    kind = known.get(name) or getattr(errors, name, None)
    return kind.exit_code if isinstance(kind, type) and issubclass(kind, ByteplusError) else None


# --- Finding one --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("InputTextSensitiveContentDetected", "InputTextSensitiveContentDetected"),
        ("inputtextsensitivecontentdetected", "InputTextSensitiveContentDetected"),
        ("RateLimitExceeded.EndpointRPMExceeded", "RateLimitExceeded"),
        ("InvalidParameter.Duration.Range", "InvalidParameter"),
        (
            "OutputVideoSensitiveContentDetected.PolicyViolation",
            "OutputVideoSensitiveContentDetected.PolicyViolation",
        ),
        ("429", "http_429"),
        ("http_503", "http_503"),
        ("599", "http_500"),
        ("418", "http_400"),
        ("50430", "50430"),
        ("NO_API_KEY", "no_api_key"),
    ],
)
def test_a_code_is_found_however_it_is_spelled(byteplus: Shell, asked: str, title: str) -> None:
    ran = byteplus(f"help errors {asked}")
    assert ran.code == 0, ran.stderr
    assert ran.lines[0] == f"{title}:"
    for name in ("Meaning", "Cause", "Fix", "Charged", "Retry", "Exit code", "Source"):
        assert f"\n  {name} " in ran.stdout


def test_a_code_that_several_answer_with_is_explained_for_each(byteplus: Shell) -> None:
    ran = byteplus("help errors AccessDenied")
    assert ran.lines.count("AccessDenied:") == 3
    document = byteplus("help errors AccessDenied --json").json
    assert document["schema"] == "byteplus.help/1"
    services = [one["service"] for one in document["explanations"]]
    assert services == ["ModelArk", "gateway of the Vision API", "storage"]
    assert {one["exit_code"] for one in document["explanations"]} == {3}


def test_a_status_leads_to_the_codes_that_come_with_it(byteplus: Shell) -> None:
    said = " ".join(byteplus("help errors 429").stdout.split())
    assert "See also RateLimitExceeded, " in said
    assert "QuotaExceeded, " in said


def test_all_codes_are_listed_by_family(byteplus: Shell) -> None:
    said = byteplus("help errors").stdout
    for family, codes in families().items():
        assert f"\n{family}:\n" in said
        for code in codes:
            assert code in said
    assert byteplus("help errors --json").json["families"] == families()


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("QuotaExeeded", "byteplus help errors QuotaExceeded"),
        ("quota", "byteplus help errors QuotaExceeded"),
        ("zzz", "byteplus help errors"),
    ],
)
def test_an_unknown_code_ends_with_8_and_the_nearest(
    byteplus: Shell, asked: str, hint: str
) -> None:
    ran = byteplus(f"help errors {asked}")
    assert (ran.code, ran.stdout) == (8, "")
    assert f"nothing is known of an error {asked}" in ran.stderr
    assert f"hint: {hint}" in ran.stderr
    assert byteplus(f"help errors {asked} --json").json["error"]["code"] == "not_found"


def test_an_error_of_a_server_without_a_better_hint_leads_to_its_explanation(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("POST", error(400, "InvalidParameter.$(touch pwned)", "duration: no"))
    ran = scripted("video create fox --no-wait")
    assert ran.stderr.endswith("\nhint: byteplus help errors InvalidParameter\n")
    service.on("POST", error(401, "AuthenticationError"))
    assert "hint: byteplus config set api_key" in scripted("video create fox --no-wait").stderr
    service.on("POST", error(400, "SomethingNew"))
    assert "hint:" not in scripted("video create fox --no-wait").stderr
