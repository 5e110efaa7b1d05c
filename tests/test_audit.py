"""What `make audit` says: nothing is known, something is, or nobody could be asked."""

import json
import sys

import pytest

from bench.audit import PIP_AUDIT, audit

FAULT = {"id": "GHSA-x", "fix_versions": ["2.0"], "aliases": [], "description": ""}


@pytest.mark.parametrize(
    ("faults", "code", "said"), [([], 0, "1 paquets regardés, aucune faille connue"), ([FAULT], 1, "GHSA-x, réparée par 2.0")]
)
def test_a_report_is_read(faults, code, said):
    report = json.dumps({"dependencies": [{"name": "a", "version": "1.0", "vulns": faults}], "fixes": []})
    # As pip-audit does, it ends with 1 when it has found something.
    fake = (sys.executable, "-c", f"import sys; print({report!r}); sys.exit({code})")
    found, lines = audit("requirements.txt", fake)
    assert found == code
    assert said in lines[0]


def test_a_database_that_knows_none_of_them_has_audited_nothing():
    report = json.dumps({"dependencies": [{"name": name, "skip_reason": "not found"} for name in "ab"], "fixes": []})
    code, lines = audit("requirements.txt", (sys.executable, "-c", f"print({report!r})"))
    assert (code, len(lines)) == (0, 1)
    assert lines[0].startswith("audit\u00a0: pas fait, requirements.txt")


def test_a_database_that_nobody_reaches_is_said(tmp_path, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    pins = tmp_path / "requirements.txt"
    pins.write_text("packaging==24.0 --hash=sha256:2ddfb553fdf02fb784c234c7ba6ccc288296ceabec964ad2eae3777778130bc5\n")
    code, lines = audit(str(pins), PIP_AUDIT)
    assert code == 0
    assert lines[0].startswith("audit\u00a0: pas fait, ")
