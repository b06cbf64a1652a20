"""A small repository in a temporary folder, and a way to run one of our tools over it."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent.parent
ROOT = TOOLS.parent


class ToolTest(unittest.TestCase):
    tool = None  # a file in tools/

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def run_tool(self, *arguments, root=None):
        """(exit code, lines on stdout, stderr)"""
        command = [sys.executable, str(TOOLS / self.tool), "--root", str(root or self.root), *arguments]
        result = subprocess.run(command, capture_output=True, text=True)
        return result.returncode, result.stdout.splitlines(), result.stderr

    def assert_clean(self, *arguments):
        code, lines, stderr = self.run_tool(*arguments)
        self.assertEqual(lines, [])
        self.assertEqual(code, 0, stderr)

    def assert_problem(self, start, *arguments):
        """Exactly one problem, and its line starts so: file:line: what is wrong."""
        code, lines, stderr = self.run_tool(*arguments)
        self.assertEqual(code, 1, stderr)
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(start), f"{lines[0]!r} does not start with {start!r}")
        self.assertGreaterEqual(lines[0].count(": "), 2, "no advice on what to do")
