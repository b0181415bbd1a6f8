"""The house rules that a machine can hold: who imports whom, and what start-up loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import clips

PACKAGE = Path(__file__).parent.parent / "byteplus_cli"
# From the top down; a part may import what stands in later rows, and its own row only itself.
ROWS = (
    {"__main__"},
    {"cli"},
    {"commands"},
    {"session"},
    {"terminal", "api", "doors", "webhook"},
    {"generation", "config"},
    {"errors"},
)
LEVEL = {part: level for level, row in enumerate(ROWS) for part in row}
MAY_IMPORT_SANDBOX = {"session", "commands", "sandbox"}
HOMES = {
    "typer": ("cli.py", "commands/"),
    "rich": ("terminal/",),
    "byteplussdkarkruntime": ("api/",),
    "byteplus_sdk": ("api/",),
    "requests": ("api/",),
    "httpx": ("api/",),
    "obstore": ("api/storage.py",),
    "av": ("generation/clip.py", "generation/join.py", "sandbox/"),
    "sqlite3": (
        *("generation/database.py", "generation/ledger.py", "generation/migrations.py"),
        *("generation/glance.py", "sandbox/"),
    ),
    "starlette": ("sandbox/", "webhook/server.py"),
    "uvicorn": ("sandbox/", "webhook/server.py"),
}
HEAVY = (
    *("byteplussdkarkruntime", "byteplus_sdk", "httpx", "obstore", "av", "starlette", "uvicorn"),
    "rich",
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(name: str) -> str:
    return name.split("/")[0].removesuffix(".py")


def test_imports_run_down_only() -> None:
    wrong = []
    for name, tree in modules():
        here = part(name)
        for module in imported(tree):
            head, _, rest = module.partition(".")
            there = rest.split(".")[0]
            if head != "byteplus_cli" or there in ("__version__", here):
                continue
            if there == "sandbox":
                allowed = here in MAY_IMPORT_SANDBOX
            else:
                allowed = here != "sandbox" and LEVEL[here] < LEVEL[there]
            if not allowed:
                wrong.append(f"{name} imports {module}")
    assert wrong == []


def test_each_library_has_one_home() -> None:
    wrong = [
        f"{name} imports {module}"
        for name, tree in modules()
        for module in imported(tree)
        if (homes := HOMES.get(module.split(".")[0])) and not name.startswith(homes)
    ]
    assert wrong == []


def test_files_open_with_what_they_are_for_and_stay_short() -> None:
    for name, tree in modules():
        assert ast.get_docstring(tree) or name == "sandbox/__init__.py", name
        assert len((PACKAGE / name).read_text("utf-8").splitlines()) <= 350, name


@pytest.mark.parametrize(
    "line",
    [
        "--help",
        "video create --help",
        "video get --help",
        "config list",
        "config path",
        "doctor --offline",
        "sandbox --help",
        "completion bash",
        "models list",
        "rescue --help",
        "webhook listen --help",
        "webhook trigger succeeded --to nowhere",
        "history list",
        "history list --json --grep fox --since 2d",
        "history show @last",
        "history cost",
        "video create fox --dry-run",
        "image gen --help",
        "avatar omnihuman --help",
        "avatar omnihuman -i https://x.example/a.jpg -a https://x.example/a.mp3 --dry-run",
        "image gen fox --dry-run",
        "video create --duration x",
        "help",
        "help templates",
        "help errors QuotaExceeded",
        "help video create",
    ],
)
def test_start_up_loads_nothing_heavy(line: str, tmp_path: Path) -> None:
    done = run(line, tmp_path)
    assert done.stderr.splitlines()[-1] == ""
    assert "should not have happened" not in done.stderr


@pytest.mark.parametrize("profile", ["sandbox", "work"])
def test_a_plan_with_a_file_to_upload_loads_no_more_than_looks_at_it(
    profile: str, tmp_path: Path
) -> None:
    (tmp_path / "clip.mp4").write_bytes(clips.clip(960, 540, 2))
    (tmp_path / "config.toml").write_text('[profiles.work.storage]\nurl = "s3://clips"\n')
    line = f"video create fox -m seedance-2.0 --ref-video clip.mp4 -p {profile} --dry-run"
    done = run(line, tmp_path, BYTEPLUS_CONFIG_DIR=str(tmp_path))
    assert "(upload of clip.mp4)" in done.stdout
    assert done.stderr.splitlines()[-1] == "av"


def run(line: str, home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command line; the last line of its stderr names the heavy modules that it loaded."""
    program = (
        "import sys; from byteplus_cli.cli import run; run(sys.argv[1:]);"
        f"print(*[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *line.split()],
        capture_output=True,
        text=True,
        cwd=home,
        env={"PATH": "", "HOME": str(home), "PYTHONPATH": str(PACKAGE.parent), **env},
    )
