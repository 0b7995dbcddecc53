"""The launcher's own rules, tried without touching the network or the dealership."""

import socket
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from launcher import cli, console, debian, odoo, python_env, settings  # noqa: E402


def dealer(*words, **env):
    import os

    return subprocess.run(
        [sys.executable, ROOT / "dealer", *words],
        capture_output=True,
        text=True,
        env=os.environ | env,
        check=False,
    )


def test_help_names_every_command():
    text = dealer("--help").stdout
    for command in ("run", "test", "bench", "shell", "update", "backup", "restore", "lint"):
        assert f"    {command} " in text


def test_unknown_argument_is_refused():
    done = dealer("run", "--fast")
    assert done.returncode == 2
    assert "--fast" in done.stderr


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert odoo.free_port(port) > port


def test_config_lists_ignore_comments():
    names = [entry[0] for entry in settings.lines("debian-packages.txt")]
    assert "odoo-19" in names
    assert all(len(entry) == 4 for entry in settings.lines("debian-packages.txt"))


def test_every_module_to_install_is_ours_or_a_core_module():
    ours = odoo.our_addons()
    core = settings.SITE_PACKAGES / "odoo" / "addons"
    for name in settings.modules():
        assert name in ours or (core / name).is_dir() or settings.ODOO_HOME, name


def test_outside_dependencies_leave_our_addons_out():
    assert not set(odoo.outside_dependencies()) & odoo.our_addons().keys()


def test_a_test_file_does_not_change_an_addons_hash(tmp_path):
    addon = tmp_path / "addon"
    (addon / "tests").mkdir(parents=True)
    (addon / "models.py").write_text("a = 1")
    before = odoo._hash(addon)
    (addon / "tests" / "test_x.py").write_text("b = 2")
    assert odoo._hash(addon) == before
    (addon / "models.py").write_text("a = 2")
    assert odoo._hash(addon) != before


def test_a_cached_package_with_another_hash_is_not_used(tmp_path):
    (tmp_path / "odoo-19_1.deb").write_bytes(b"not the package")
    with (
        mock.patch.object(debian, "DEBS", tmp_path),
        mock.patch.object(debian, "_private_apt", side_effect=RuntimeError("fetches again")),
        pytest.raises(RuntimeError, match="fetches again"),
    ):
        debian._fetch("odoo-19", "sid", "1", "0" * 64, mock.Mock())


def test_a_cached_package_with_the_listed_hash_is_used(tmp_path):
    file = tmp_path / "odoo-19_1.deb"
    file.write_bytes(b"the package")
    with mock.patch.object(debian, "DEBS", tmp_path):
        digest = debian._sha256(file)
        assert debian._fetch("odoo-19", "sid", "1", digest, mock.Mock()) == file


def test_pip_settings_become_options_of_uv():
    listing = "global.index-url='file:///mirror/simple'\n:env:.index-url='file:///other/simple'\n"
    python_env._pip_settings.cache_clear()
    with (
        mock.patch.object(python_env, "_pip", return_value=["pip"]),
        mock.patch.object(subprocess, "run", return_value=mock.Mock(stdout=listing)),
    ):
        assert python_env._index_options() == ["--index-url", "file:///other/simple"]
    python_env._pip_settings.cache_clear()


def test_words_of_pytest_options_are_no_paths(monkeypatch):
    monkeypatch.chdir(ROOT)
    everything = cli._test_shares([])
    for words in (["-k", "launcher"], ["-x"]):
        assert cli._test_shares(words) == [[*share, *words] for share in everything]


def test_each_test_file_is_run_once():
    shares = cli._test_shares([])
    files = [file for share in shares for file in share]
    assert len(shares) == cli.PROCESSES
    assert sorted(files) == sorted({*ROOT.glob("addons/*/tests/**/test_*.py"), *files})
    assert ROOT / "tests" / "launcher" / "test_launcher.py" in files


def test_a_share_without_tests_is_no_failure():
    assert cli._whole_result([0, cli.NOTHING_FOUND]) == 0
    assert cli._whole_result([1, 0]) == 1
    assert cli._whole_result([0, -9]) == -9
    assert cli._whole_result([cli.NOTHING_FOUND] * 2) == cli.NOTHING_FOUND


def test_paths_are_those_of_the_persons_folder(monkeypatch):
    monkeypatch.chdir(ROOT / "tests")
    here = ROOT / "tests" / "launcher"
    assert cli._test_paths(["launcher", "-k", "words"]) == [str(here), "-k", "words"]
    assert cli._test_paths(["launcher/test_launcher.py::test_x"]) == [
        f"{here}/test_launcher.py::test_x"
    ]


def test_a_restored_dealership_is_upgraded_at_the_next_start(tmp_path):
    with mock.patch.object(odoo, "STATE", tmp_path):
        odoo.remember("dealer", addons={"dealer_base": "hash"})
        odoo.forget("dealer")
        assert odoo.remembered("dealer") == {}


def test_the_database_is_renamed_after_its_files(tmp_path):
    """Killed in between, the half-renamed dealership must not look complete."""
    (tmp_path / "draft").mkdir()
    server = mock.Mock()
    server.rename.side_effect = lambda *_names: (tmp_path / "dealer").rmdir()
    with mock.patch.object(odoo, "FILESTORE", tmp_path):
        odoo.rename(server, "draft", "dealer")
    server.rename.assert_called_once_with("draft", "dealer")


def test_a_failed_program_shows_its_last_words():
    with pytest.raises(console.Failure, match="it broke"):
        console.run([sys.executable, "-c", "print('it broke'); raise SystemExit(3)"])


def test_external_server_comes_from_the_usual_variables(monkeypatch):
    monkeypatch.delenv("PGHOST", raising=False)
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGUSER", "somebody")
    assert settings.external_database()["PGUSER"] == "somebody"


def test_every_config_template_can_be_filled_in(tmp_path):
    server = mock.Mock(variables={"PGHOST": "/socket"})
    with mock.patch.object(odoo, "HOME", tmp_path):
        for template in settings.CONFIG.glob("odoo-*.conf"):
            text = odoo.configuration(server, template.name).read_text()
            assert "${" not in text
            assert "addons_path = " in text
