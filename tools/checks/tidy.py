"""clang-tidy over files that changed since they were last found clean.

A file is clean for as long as its key holds: clang-tidy's version, the configuration, the compile
command, and the contents of the file and of every header of ours that it includes, directly or not.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

CLANG_TIDY = "clang-tidy-19"
JOBS = 2
# What g++'s command lines say that clang does not know or cannot use, and what clang finds deprecated
# inside g++'s library.
EXTRA = ["--quiet", *[f"--extra-arg=-Wno-{name}" for name in (
    "unknown-warning-option", "unused-command-line-argument", "ignored-gch", "deprecated-declarations")]]
# A precompiled header is not needed, and may not be built: its source is named by another option.
_PRECOMPILED = re.compile(
    r"(?<=\s)(?:-Winvalid-pch|(?:-Xclang )?-f(?:no-)?pch-\S+|-Xclang -include-pch -Xclang \S+)(?=\s|$)")
_FINDING = re.compile(r"^(?=\S+:\d+:\d+: (?:error|warning):)", re.M)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)


class Tidy:
    def __init__(self, root, build):
        self.root, self.build = root, build
        self.cache = root / "build" / "tidy-cache"
        self.reported = set()
        self.contents = {}  # path -> (digest, the headers that it names)
        version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, check=True).stdout
        self.base = hashlib.sha256(version + (root / ".clang-tidy").read_bytes() + repr(EXTRA).encode())

    def run(self, only=None):
        """Prints what clang-tidy finds; returns the number of files that are not clean."""
        entries = self.commands()
        stale = []
        for entry in entries:
            file = pathlib.Path(entry["directory"], entry["file"]).resolve()
            if self.is_ours(file) and (only is None or file in only):
                mark = self.cache / str(file.relative_to(self.root)).replace("/", "__")
                key = self.key(file, entry)
                if not mark.exists() or mark.read_text() != key:
                    stale.append((file, mark, key))
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            return sum(self.report(output) for output in pool.map(lambda job: self.check(*job), stale))

    def commands(self):
        """The build's compile commands, fit for clang-tidy, which finds them in the cache."""
        entries = json.loads((self.build / "compile_commands.json").read_text())
        for entry in entries:
            command = entry.get("command") or shlex.join(entry.pop("arguments"))
            entry["command"] = _PRECOMPILED.sub("", command)
        self.cache.mkdir(parents=True, exist_ok=True)
        (self.cache / "compile_commands.json").write_text(json.dumps(entries))
        return entries

    def is_ours(self, file):
        return file.is_relative_to(self.root) and not file.is_relative_to(self.root / "build") and file.exists()

    def key(self, file, entry):
        digest = self.base.copy()
        digest.update(entry["command"].replace(str(self.root), "").encode())
        for path in sorted(self.closure(file)):
            digest.update(f"\0{path.relative_to(self.root)}\0{self.read(path)[0]}".encode())
        return digest.hexdigest()

    def closure(self, file):
        seen, queue = {file}, [file]
        while queue:
            for header in self.read(queue.pop())[1]:
                if header not in seen:
                    seen.add(header)
                    queue.append(header)
        return seen

    def read(self, path):
        if path not in self.contents:
            data = path.read_bytes()
            named = _INCLUDE.findall(data.decode(errors="replace"))
            headers = [self.root / "src" / name for name in named]
            self.contents[path] = (hashlib.sha256(data).hexdigest(), [h for h in headers if h.is_file()])
        return self.contents[path]

    def check(self, file, mark, key):
        """What clang-tidy finds; empty if the file is clean, which is then remembered."""
        command = [CLANG_TIDY, "-p", str(self.cache), *EXTRA, str(file)]
        if file.name.endswith(("_test.cc", "_fuzz.cc")):
            command.append("--checks=-performance-*")
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode == 0:
            mark.write_text(key)
            return ""
        return result.stdout.strip() or result.stderr.strip()

    def report(self, output):
        """Prints findings, each once though many files include its header; returns 1 if there are any."""
        for finding in _FINDING.split(output.replace(str(self.root) + os.sep, "")):
            if finding.strip() and finding not in self.reported:
                self.reported.add(finding)
                print(finding.rstrip(), flush=True)
        return 1 if output else 0


def find_build(root):
    """The first configured build directory whose commands clang-tidy understands; or None."""
    for preset in ("debug", "release"):
        if (root / "build" / preset / "compile_commands.json").exists():
            return root / "build" / preset
    return None


def available():
    return shutil.which(CLANG_TIDY) is not None
