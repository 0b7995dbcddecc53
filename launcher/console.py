"""What the launcher prints, and how it runs other programs."""

import os
import re
import subprocess
import sys
import time
from collections import deque

ODOO_LOG = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ ")
LOADING = re.compile(r"[Ll]oading module (\S+) \((\d+)/(\d+)\)")


class Failure(Exception):
    """A step failed for a reason the person at the keyboard can act on; the text says how."""


def say(text=""):
    print(text, flush=True)


class Step:
    """A named long step: prints its start, its progress and how long it took.

    On a terminal the progress overwrites one line; in a log a line is printed every ten seconds.
    """

    def __init__(self, title):
        self.title = title
        self.terminal = sys.stdout.isatty()

    def __enter__(self):
        self.start = self.shown = time.monotonic()
        say(f"==> {self.title}")
        return self

    def progress(self, text):
        now = time.monotonic()
        if self.terminal:
            if now - self.shown >= 0.1:
                self.shown = now
                print(f"\r\033[K    {text[:100]}", end="", flush=True)
        elif now - self.shown >= 10:
            self.shown = now
            say(f"    {text} ({now - self.start:.0f} s)")

    def __exit__(self, kind, *_exc):
        if self.terminal:
            print("\r\033[K", end="")
        if kind is None:
            say(f"    done in {time.monotonic() - self.start:.0f} s")


def run(command, *, step=None, log=None, what=None, words="", **kwargs):
    """Run `command` quietly, feeding its output to `step`; raise `Failure` with its last lines.

    :param log: a file that receives the whole output
    :param words: what the program reads from its standard input
    :param what: the words for the error message
    """
    command = [str(part) for part in command]
    tail = deque(maxlen=30)
    sink = open(log, "a", encoding="utf-8") if log else None  # noqa: SIM115 closed below
    try:
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **kwargs,
        ) as process:
            process.stdin.write(words)
            process.stdin.close()
            for line in process.stdout:
                tail.append(line.rstrip())
                if sink:
                    sink.write(line)
                if step and (news := _readable(line.strip())):
                    step.progress(news)
    except FileNotFoundError as error:
        raise Failure(f"{command[0]} is not installed on this machine.") from error
    finally:
        if sink:
            sink.close()
    if process.returncode:
        where = f"\nThe whole output is in {log}" if log else ""
        raise Failure(
            f"{what or os.path.basename(command[0])} failed (exit code {process.returncode}):\n    "
            + "\n    ".join(tail)
            + where
        )
    return "\n".join(tail)


def _readable(line):
    """What a waiting person wants to know of a line: Odoo's log is cut down to module n of m."""
    if match := LOADING.search(line):
        return f"module {match[2]} of {match[3]}: {match[1]}"
    return "" if ODOO_LOG.match(line) or line.startswith("<string>") else line
