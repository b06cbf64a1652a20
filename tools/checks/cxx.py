"""Enough of C++'s lexical structure for the checks: comments, literals, scopes. Not a parser."""

import collections
import os
import pathlib
import re

SUFFIXES = (".h", ".cc")
SKIPPED_FOLDERS = {"testdata", "build", "node_modules", "__pycache__"}

_TOKEN = re.compile(
    r"""
    (?P<number>  (?<![\w"'])\d(?:'?[\w.])* )
  | (?P<comment> //(?:\\\n|[^\n])* | /\*.*?(?:\*/|\Z) )
  | (?P<raw>     (?<!\w)(?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)" )
  | (?P<string>  "(?:\\.|[^"\\\n])*" )
  | (?P<char>    '(?:\\.|[^'\\\n])+' )
    """,
    re.S | re.X,
)
_NOT_NEWLINE = re.compile(r"[^\n]")

# kind: 'namespace', 'class', 'function' or 'block'. header: the code before the brace.
Scope = collections.namedtuple("Scope", "kind header first_line last_line")
# A statement that stands directly in a class, without its semicolon; and where the class opens.
Member = collections.namedtuple("Member", "text line class_line")


def files_below(folder):
    """The C++ files below `folder`, sorted; none if it does not exist."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS and not f.startswith(".")]
        found += [pathlib.Path(parent, name) for name in names if name.endswith(SUFFIXES)]
    return sorted(found)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def _blank(text, kinds):
    def replace(match):
        return _NOT_NEWLINE.sub(" ", match[0]) if match.lastgroup in kinds else match[0]

    return _TOKEN.sub(replace, text)


def without_comments(text):
    """`text` with comments blanked; offsets and lines stay."""
    return _blank(text, {"comment"})


def code_only(text):
    """`text` with comments and the contents of literals blanked; offsets and lines stay."""
    return _blank(text, {"comment", "raw", "string", "char"})


def comments(text):
    """(line, comment) of every line of every comment."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "comment":
            first = line_of(text, match.start())
            for number, line in enumerate(match[0].split("\n")):
                yield first + number, line


def _kind(header, parent_kind, in_parentheses):
    header = re.sub(r"\[\[.*?\]\]|\balignas\([^)]*\)|\b[A-Z][A-Z_]+\((?:[^()]|\([^()]*\))*\)", " ",
                    header)
    header = re.sub(r"^\s*template\s*<.*?>\s*(?=class\b|struct\b|union\b)", " ", header, flags=re.S)
    if in_parentheses or parent_kind in ("function", "block"):
        return "class" if re.search(r"^\s*(class|struct|union)\b[^()=]*$", header) else "block"
    if re.search(r"\bnamespace\b", header) or header.strip() == "extern":
        return "namespace"
    if re.match(r"\s*(typedef\s+)?(class|struct|union)\b", header) and "(" not in header:
        return "class"
    if "(" in header and not re.search(r"=\s*[\w:<>, ]*$", header):
        return "function"
    return "block"


class _Scanner:
    def __init__(self, code):
        # Preprocessor lines would unbalance the braces and lengthen the headers.
        self.code = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: _NOT_NEWLINE.sub(" ", m[0]), code,
                           flags=re.M)
        self.scopes, self.members = [], []
        # (kind, header, offset of the brace, parentheses open around it, start of the statement)
        self.open = []
        self.parentheses = 0
        self.start = 0  # where the current statement begins

    def header(self, end):
        return re.sub(r"^(\s*(public|protected|private)\s*:)+", "", self.code[self.start:end])

    def run(self):
        for match in re.finditer(r"[{}();]", self.code):
            at, symbol = match.start(), match[0]
            if symbol == "(":
                self.parentheses += 1
            elif symbol == ")":
                self.parentheses = max(0, self.parentheses - 1)
            elif symbol == "{":
                self.enter(at)
            elif symbol == "}":
                self.leave(at)
            elif self.parentheses == 0:
                self.end_statement(at)
        return self

    def enter(self, at):
        parent = self.open[-1][0] if self.open else "namespace"
        header = self.header(at)
        kind = _kind(header, parent, self.parentheses > 0)
        self.open.append((kind, header, at, self.parentheses, self.start))
        self.parentheses = 0
        self.start = at + 1

    def leave(self, at):
        if not self.open:
            return
        kind, header, begin, self.parentheses, start = self.open.pop()
        self.scopes.append(Scope(kind, header, line_of(self.code, begin), line_of(self.code, at)))
        in_class = bool(self.open) and self.open[-1][0] == "class"
        # The braces of `int count{0};` belong to the member that they initialise.
        self.start = start if kind == "block" and in_class else at + 1

    def end_statement(self, at):
        if self.open and self.open[-1][0] == "class":
            opened = line_of(self.code, self.open[-1][2])
            self.members.append(Member(self.header(at), line_of(self.code, at), opened))
        self.start = at + 1


def scan(code):
    """(scopes, members) of code that `code_only` returned."""
    scanner = _Scanner(code).run()
    return scanner.scopes, scanner.members
