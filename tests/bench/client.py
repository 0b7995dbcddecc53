"""The bench's side of a worker process."""

import json
import os
import subprocess
import sys
from pathlib import Path


class WorkerError(Exception):
    """A worker failed; the message is its traceback."""


class Client:
    """Starts a worker on a database; its methods are the worker's methods."""

    def __init__(self, config_file, database):
        self.database = database
        folder = str(Path(__file__).resolve().parent.parent)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker", "--config", config_file, "--database", database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": folder},
        )
        self._answer()

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise WorkerError(f"The worker on {self.database} ended; its messages are above.")
        return json.loads(line)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)

        def call(**args):
            print(json.dumps({"call": name, "args": args}), file=self._process.stdin, flush=True)
            return self._answer()

        return call

    def close(self):
        """End the worker and with it its connections."""
        self._process.stdin.close()
        self._process.wait()
