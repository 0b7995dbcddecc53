"""The virtual environment: Odoo's tree, and the Python packages of `config/requirements.txt`.

`uv` installs in seconds what pip needs minutes for; pip, as this machine configures it, is only
used to fetch `uv` itself and to learn which package index to use. Every file is checked against
the hashes in `config/`.
"""

import ast
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from functools import cache

from . import debian
from .console import Failure, Step, run
from .settings import CACHE, CONFIG, HOME, ODOO_HOME, PYTHON, SITE_PACKAGES, VENV, lines

TOOLS = HOME / "tools"
UV = TOOLS / "bin" / "uv"
ODOO_DEBS = [name for name, *_rest in lines("debian-packages.txt") if name != "python3-pip-whl"]


def ensure():
    """Make the virtual environment if it is missing or if its lists have changed.

    The stamp is written last: an interrupted run starts this over, with all downloads cached.
    """
    stamp = VENV / "complete"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    _ensure_uv()
    run([UV, "venv", "--quiet", "--python", sys.executable, VENV], env=_uv_env())
    if ODOO_HOME:
        _link_odoo()
    else:
        _unpack_odoo()
    with Step("Installing Python packages") as step:
        install(PYTHON, "requirements.txt", step)
    stamp.write_text(wanted)


def install(python, requirements, step):
    """Install the complete, hashed list `config/<requirements>` for the interpreter `python`."""
    _ensure_uv()
    run(
        [UV, "pip", "install", "--python", python, "--no-deps", "--require-hashes"]
        + ["-r", CONFIG / requirements, *_index_options()],
        step=step,
        env=_uv_env(),
        what="Installing Python packages",
    )


def ensure_tool_env(name):
    """A virtual environment beside the main one, from `config/requirements-<name>.txt`."""
    folder = HOME / f"venv-{name}"
    requirements = f"requirements-{name}.txt"
    stamp = folder / "complete"
    wanted = hashlib.sha256((CONFIG / requirements).read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        with Step(f"Installing the tools for {name}") as step:
            _ensure_uv()
            run([UV, "venv", "--quiet", "--python", sys.executable, folder], env=_uv_env())
            install(folder / "bin" / "python", requirements, step)
        stamp.write_text(wanted)
    return folder / "bin"


def lock():
    """Compile `config/requirements*.in` into complete lists with versions and hashes."""
    _ensure_uv()
    for source in sorted(CONFIG.glob("requirements*.in")):
        run(
            [UV, "pip", "compile", "--quiet", "--no-header", "--generate-hashes"]
            + ["--override", CONFIG / "overrides.txt", "--python-version", "3.11"]
            + [source, "-o", source.with_suffix(".txt")]
            + _index_options(),
            env=_uv_env(),
        )


def _fingerprint():
    texts = [(CONFIG / name).read_bytes() for name in ("requirements.txt", "debian-packages.txt")]
    return hashlib.sha256(b"".join(texts) + str(ODOO_HOME).encode()).hexdigest()


def _unpack_odoo():
    """Odoo's tree and egg-info into site-packages, its fonts and scripts into `venv/share`.

    Both places are as deep as Debian's, so the relative links between them hold.
    """
    unpacked = VENV / "debian"
    with Step("Fetching Odoo 19.0 and its fonts from Debian") as step:
        debs = debian.fetch(ODOO_DEBS, step)
        debian.unpack(debs, unpacked, step)
    packages = unpacked / "usr" / "lib" / "python3" / "dist-packages"
    for name in ("odoo", "odoo-19.0.egg-info"):
        (packages / name).rename(SITE_PACKAGES / name)
    (unpacked / "usr" / "share").rename(VENV / "share")
    shutil.rmtree(unpacked)
    # Debian strips this non-free file, but the manifest of `mail` lists it: without it every page
    # logs an error and every browser test fails.
    missing = SITE_PACKAGES / "odoo/addons/mail/static/lib/selfie_segmentation"
    missing.mkdir(parents=True, exist_ok=True)
    (missing / "selfie_segmentation.js").touch()


def _link_odoo():
    release = ODOO_HOME / "odoo" / "release.py"
    if not release.exists() or "version_info = (19, 0" not in release.read_text():
        raise Failure(
            f"ODOO_HOME={ODOO_HOME} is not an Odoo 19.0 tree (no odoo/release.py of 19.0)."
        )
    (SITE_PACKAGES / "odoo_home.pth").write_text(f"{ODOO_HOME}\n")


def _ensure_uv():
    requirements = CONFIG / "requirements-uv.txt"
    stamp = TOOLS / "complete"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    with Step("Fetching the installer uv") as step:
        run(
            [*_pip(step), "install", "--require-hashes", "--no-deps", "--target", TOOLS]
            + ["-r", requirements],
            step=step,
            what="pip install uv",
        )
    stamp.write_text(wanted)


def _pip(step=None):
    """A pip to call: this Python's own, else Debian's wheel of it (Debian splits pip off)."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    folder = CACHE / "pip"
    wheels = "usr/share/python-wheels"
    if not list((folder / wheels).glob("pip-*.whl")):
        debian.unpack(debian.fetch(["python3-pip-whl"], step), folder, step)
    [wheel] = (folder / wheels).glob("pip-*.whl")
    return [sys.executable, f"{wheel}/pip"]


@cache
def _pip_settings():
    """This machine's pip configuration as {option: value}; later files and variables win."""
    listing = subprocess.run(
        [*_pip(), "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    settings = {}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        if value:
            settings[key.rpartition(".")[2]] = ast.literal_eval(value)
    return settings


def _index_options():
    """The package index that pip is configured for, in uv's options."""
    settings = _pip_settings()
    options = []
    if index := settings.get("index-url"):
        options += ["--index-url", index]
    for extra in settings.get("extra-index-url", "").split():
        if not extra.startswith("file:"):  # local collections hold none of our packages
            options += ["--extra-index-url", extra]
    return options


def _uv_env():
    env = os.environ | {
        "UV_NO_CONFIG": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_SYSTEM_CERTS": "1",  # those that pip and apt trust here
    }
    certificate = _pip_settings().get("cert")
    if certificate and "SSL_CERT_FILE" not in env:
        env["SSL_CERT_FILE"] = certificate
    return env
