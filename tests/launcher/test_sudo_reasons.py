"""Nobody reads or writes with all rights without saying why."""

import ast
import tokenize
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[2] / "addons"
SOURCES = sorted(path for path in ADDONS.glob("*/**/*.py") if "tests" not in path.parts)


def read_comments(path):
    """Comments by line; the later lines of a block carry the text of the earlier ones, too."""
    comments = {}
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                line = token.start[0]
                comments[line] = comments.get(line - 1, "") + token.string
    return comments


def find_silent_sudos(path):
    """Lines that call ``sudo()`` while no comment says why.

    The reason names sudo. It stands in the statement or within two lines above it, or in the
    docstring of the function. ``sudo(False)`` gives rights back and needs none.
    """
    tree, comments = ast.parse(path.read_text()), read_comments(path)
    nodes = list(ast.walk(tree))
    statements = [node for node in nodes if isinstance(node, ast.stmt)]
    for call in nodes:
        if not isinstance(call, ast.Call) or call.args or getattr(call.func, "attr", "") != "sudo":
            continue
        line = call.func.end_lineno
        around = [node for node in statements if node.lineno <= line <= node.end_lineno]
        start = max(node.lineno for node in around)
        words = [comments.get(number, "") for number in range(start - 2, line + 1)]
        words += [ast.get_docstring(f) or "" for f in around if isinstance(f, ast.FunctionDef)]
        if "sudo" not in " ".join(words):
            yield line


def test_every_sudo_says_why():
    assert SOURCES
    assert not [f"{path}:{line}" for path in SOURCES for line in find_silent_sudos(path)]


def test_a_silent_sudo_is_found(tmp_path):
    source = tmp_path / "model.py"
    source.write_text(
        "def f(self):\n"
        "    # sudo: a reason\n"
        "    self.sudo().read()\n"
        "\n"
        "    self.other()\n"
        "    self.sudo().write({})\n"
        "    self.sudo(False)\n"
    )
    assert list(find_silent_sudos(source)) == [6]
