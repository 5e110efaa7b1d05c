"""Known faults of the pinned packages: none (ends with 0), some, listed (1), or nobody to ask (0, and says so): `make audit`.

pip-audit ends with 1 when it finds something and when it finds nobody; its report, which only an audit that was made has, tells them apart.
"""

import json
import subprocess
import sys
from pathlib import Path

LISTS = ("requirements.txt", "requirements-dev.txt")
PIP_AUDIT = (str(Path(sys.executable).with_name("pip-audit")),)


def audit(path: str, command: tuple[str, ...] = PIP_AUDIT) -> tuple[int, list[str]]:
    """Return the exit code and what is said of one list of packages."""
    words = [*command, "--requirement", path, "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (ran.stderr.strip().splitlines() or ["aucune réponse"])[-1]
        return 0, [f"audit : pas fait, {path} : {reason[:200]}"]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    if packages and len(skipped) == len(packages):
        return 0, [f"audit : pas fait, {path} : la base qui répond ne connaît aucun de ces paquets"]
    found = [f"{path} : {one['name']} {one['version']} : {_told(fault)}" for one in packages for fault in one.get("vulns", [])]
    good = [] if found else [f"audit : {path}, {len(packages) - len(skipped)} paquets regardés, aucune faille connue"]
    return int(bool(found)), [*found, *good, *([f"{path} : pas regardés, {', '.join(skipped)}"] if skipped else [])]


def _told(fault: dict) -> str:
    repaired = ", ".join(fault["fix_versions"])
    return f"{fault['id']}, réparée par {repaired}" if repaired else f"{fault['id']}, pas encore réparée"


if __name__ == "__main__":
    results = [audit(path) for path in LISTS]
    print("\n".join(line for _, lines in results for line in lines))
    sys.exit(max(code for code, _ in results))
