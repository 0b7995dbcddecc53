"""Packages of Debian: Odoo's tree, and the programs that only apt has.

Odoo is taken without root: apt-get downloads under a private configuration (own sources list, lists
and cache), checks the archive's signature with Debian's keyring, and `dpkg-deb -x` unpacks. The
mirror's address is the one this machine's apt is configured for.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from .console import Failure, run, say
from .settings import CACHE, lines

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DEBS = CACHE / "debs"


@cache
def mirror():
    """The address of the Debian archive that this machine's apt uses.

    Security and third-party archives are left out by their origin's suite: the one wanted is the
    archive that serves the installed release itself.
    """
    codename = _os_release().get("VERSION_CODENAME", "bookworm")
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    for line in listing.splitlines():
        uri, _, release = line.rpartition(" ")
        if release in (codename, "stable"):
            return uri.rstrip("/")
    raise Failure(
        "This machine's apt knows no Debian archive: Odoo cannot be fetched.\n"
        "Add Debian to the apt sources, or set ODOO_HOME to an Odoo 19.0 tree."
    )


def fetch(names, step):
    """Paths of the packages `names` of `config/debian-packages.txt`, in the user's cache.

    A cached file counts only if its hash is the listed one. When the archive no longer has the
    listed version (suite sid moves), the present one is taken: apt has checked its signature.
    """
    DEBS.mkdir(parents=True, exist_ok=True)
    wanted = {name: rest for name, *rest in lines("debian-packages.txt") if name in names}
    with open(CACHE / "lock", "w") as lock:  # two checkouts may start at the same time
        fcntl.flock(lock, fcntl.LOCK_EX)
        return [_fetch(name, *wanted[name], step) for name in names]


def _fetch(name, suite, version, digest, step):
    file = DEBS / f"{name}_{version.replace(':', '%3a')}.deb"
    if file.exists() and _sha256(file) == digest:
        return file
    apt = _private_apt(suite, step)
    moved = [file for file in DEBS.glob(f"{name}_*.deb") if file.with_suffix(".signed").exists()]
    partial = DEBS / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    if step:
        step.progress(f"downloading {name} {version}")
    try:
        run([*apt, "download", f"{name}={version}"], cwd=partial, step=step)
        [download] = partial.glob("*.deb")
        if _sha256(download) != digest:
            raise Failure(f"{name} {version} is not the file that config/ lists: its hash differs.")
    except Failure:
        if list(partial.glob("*.deb")):
            raise
        # the listed version has left the archive
        if moved and _sha256(moved[-1]) == moved[-1].with_suffix(".signed").read_text():
            return moved[-1]
        run([*apt, "download", name], cwd=partial, step=step, what=f"download of {name}")
        [download] = partial.glob("*.deb")
        say(f"    {name} {version} has left the archive; took {download.name} instead.")
        file = DEBS / f"{name}_{download.name.split('_')[1]}.deb"
        file.with_suffix(".signed").write_text(_sha256(download))
    download.replace(file)
    return file


@cache
def _private_apt(suite, step):
    """An apt-get that knows only `suite`, and writes only below the cache folder."""
    if not KEYRING.exists():
        raise Failure(
            f"{KEYRING} is missing: without it downloads cannot be checked "
            "(apt install debian-archive-keyring)."
        )
    base = CACHE / "apt" / suite
    for folder in ("lists/partial", "cache/archives/partial", "state"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    (base / "state/status").touch()
    (base / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n")
    (base / "apt.conf").write_text(
        f'Dir::Etc::SourceList "{base}/sources.list";\n'
        'Dir::Etc::SourceParts "/dev/null";\n'
        f'Dir::State "{base}/state";\n'
        f'Dir::State::Lists "{base}/lists";\n'
        f'Dir::State::status "{base}/state/status";\n'
        f'Dir::Cache "{base}/cache";\n'
        'Acquire::Languages "none";\n'
        'APT::Sandbox::User "";\n'  # the cache may be where the user _apt cannot read
        "#clear APT::Update::Post-Invoke;\n"
        "#clear APT::Update::Post-Invoke-Success;\n"
    )
    apt = ["apt-get", "-c", str(base / "apt.conf")]
    run([*apt, "update"], step=step, what=f"apt-get update for suite {suite}")
    return apt


def unpack(debs, folder, step):
    """Unpack packages into one tree, so that the links between them hold."""
    for deb in debs:
        if step:
            step.progress(f"unpacking {deb.name}")
        run(["dpkg-deb", "-x", deb, folder])


def ensure_programs(programs, reason):
    """Install by apt what is missing of `programs` ({program or font: package}), if root.

    :return: the packages that are still missing
    """
    missing = {name: package for name, package in programs.items() if not _present(name)}
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"    installing {', '.join(missing.values())} with apt ({reason})")
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        apt = ["apt-get", "-q", "-y"]
        try:
            run([*apt, "update"], env=env)
            run([*apt, "install", "--no-install-recommends", *missing.values()], env=env)
        except Failure as error:
            say(f"    {error}")
        missing = {name: package for name, package in missing.items() if not _present(name)}
    return list(missing.values())


def _present(name):
    if name != "font:zh":
        return bool(shutil.which(name))
    if not shutil.which("fc-list"):
        return False
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(fonts.stdout.strip())


def _sha256(file):
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _os_release():
    pairs = (
        line.partition("=")[::2]
        for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    )
    return {key: value.strip('"') for key, value in pairs}
