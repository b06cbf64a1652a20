"""What tools/lint finds by reading one C++ file: names used outside their folder, stored views,
long functions, notes left behind.

Each check yields (line, what is wrong, what to do).
"""

import fnmatch
import re

from checks import cxx

MAX_FUNCTION_LINES = 100

# A call of the free function, not of a member or of something qualified: `::open(`, never `x.open(`.
_FREE = r"(?<![\w.>:])(?:::\s*|std::)?"

# (what is banned, the code that names it, the files of src/ that may, what to do instead)
BANS = [
    ("boost::json", r"\bboost::json\b", ["object/*.cc"],
     "use object::Value"),
    ("std threads and locks",
     r"\bstd::(?:thread|jthread|this_thread|(?:recursive_|timed_|shared_|recursive_timed_|shared_timed_)?mutex"
     r"|condition_variable\w*|lock_guard|unique_lock|scoped_lock|shared_lock|call_once|once_flag"
     r"|future|shared_future|promise|async|packaged_task|counting_semaphore|binary_semaphore|latch"
     r"|barrier)\b|\bpthread_\w+",
     ["env/*", "base/mutex.h", "base/mutex.cc"],
     "use env::Executor, or base::Mutex for memory"),
    ("the time of day",
     r"\b\w*[cC]lock(?:_t)?::now\s*\(|\b(?:clock_gettime|gettimeofday|timespec_get)\s*\(|\bstd::time\s*\("
     + "|" + _FREE + r"time\s*\(\s*(?:nullptr|NULL|0|&\s*\w+)\s*\)",
     ["env/*"], "take an env::Clock"),
    ("the environment", r"\b(?:secure_)?getenv\b|\b(?:set|unset|put)env\s*\(|(?<![\w.>:])(?:::)?environ\b(?!\s*\()",
     ["env/*"], "take the value as an option"),
    ("std::filesystem", r"\bstd::filesystem\b", ["env/*"], "use env::Files"),
    ("file streams", r"\bstd::w?[io]?fstream\b|" + _FREE + r"f(?:re)?open\s*\(",
     ["env/*", "*_test.cc", "*_fuzz.cc"], "use env::Files"),
    ("std::regex", r"\bstd::(?:w?regex\w*|basic_regex)\b", [],
     "use RE2, or a few lines of code: std::regex overflows the stack on long input"),
    ("ambient randomness",
     r"\bstd::random_device\b|\bgetrandom\s*\(|\barc4random\w*|\b[dlm]rand48\s*\(|" + _FREE + r"s?rand(?:_r)?\s*\(",
     ["env/*"], "take an env::Random"),
    ("sleeping", _FREE + r"(?:usleep|nanosleep|sleep|sleep_for|sleep_until)\s*\(",
     ["env/*"], "wait for what you wait for, or use env::Clock"),
    ("processes", _FREE + r"(?:v?fork|f?exec[lv]p?e?|posix_spawnp?|popen|waitpid)\s*\(|(?<![\w>)\]])::\s*system\s*\(|\bstd::system\s*\(",
     ["env/*"], "use env::Process"),
    ("sockets and file descriptors",
     r"(?<![\w>)\]:])(?<!\boperator)::\s*(?:socket|socketpair|connect|bind|listen|accept4?|open|openat|creat|read|write|close|poll"
     r"|select|epoll_\w+|unlink|mkdir|rename|stat|lstat)\s*\("
     r"|\b(?:O_(?:RDONLY|WRONLY|RDWR|CREAT|CLOEXEC)|AF_(?:INET6?|UNIX)|SOCK_STREAM)\b",
     ["env/*"], "use env::Files or env::Http"),
]
_BANS = [(name, re.compile(code), allowed, instead) for name, code, allowed, instead in BANS]

_REASON = re.compile(r"//.*\bview: \S")
_VIEW = re.compile(r"\bstring_view\b|\bspan\s*<")
_NOT_A_MEMBER = re.compile(r"\s*(?:using|typedef|friend|template|static\s+constexpr|constexpr\s+static"
                           r"|inline\s+static\s+constexpr|static\s+inline\s+constexpr)\b")
_NOLINT = re.compile(r"\bNOLINT(?P<form>NEXTLINE|BEGIN|END)?\b(?P<rest>.*)")
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")


def bans(path, text):
    """`path` is below src/: names that belong to another folder, in code only."""
    code = cxx.code_only(text)
    for name, pattern, allowed, instead in _BANS:
        if any(fnmatch.fnmatchcase(path, a) for a in allowed):
            continue
        for match in pattern.finditer(code):
            found = " ".join(match[0].rstrip("( \n").split())
            where = " ".join(allowed) or "no file"
            yield cxx.line_of(code, match.start()), f"{name}: '{found}'", f"{instead} (only for: {where})"


def _declared_type(member):
    """A data member's declaration without initialiser and without what callbacks take; else None."""
    if _NOT_A_MEMBER.match(member) or "operator" in member:
        return None
    depth, kept = 0, []
    nested = 0  # parentheses inside template arguments: std::function<void(std::string_view)>
    for at, char in enumerate(member):
        if char == "<":
            depth += 1
        elif char == ">" and member[at - 1] != "-":
            depth -= 1
        elif char in "={" and depth == 0:
            break
        elif char == "(" and depth == 0:
            return None
        elif char in "()":
            nested += 1 if char == "(" else -1
            continue
        if nested == 0:
            kept.append(char)
    return "".join(kept)


def stored_views(text):
    """Members that view text or memory which someone else owns.

    A reason stands on the line of the member, or where its class opens, for all of its members.
    """
    lines = text.split("\n")
    _, members = cxx.scan(cxx.code_only(text))
    for member in members:
        declared = _declared_type(member.text)
        if declared is None or not _VIEW.search(declared):
            continue
        if not any(_REASON.search(lines[line - 1]) for line in (member.line, member.class_line)):
            yield (member.line, f"stored view: '{' '.join(declared.split())}'",
                   "own it (std::string, std::vector), or say who keeps it alive: // view: reason")


def long_functions(text):
    scopes, _ = cxx.scan(cxx.code_only(text))
    for scope in scopes:
        lines = scope.last_line - scope.first_line + 1
        if scope.kind == "function" and lines > MAX_FUNCTION_LINES:
            name = re.search(r"([\w:~]+)\s*\(", scope.header)
            yield (scope.first_line, f"function '{name[1] if name else '?'}' has {lines} lines",
                   f"split it: at most {MAX_FUNCTION_LINES}, better 45")


def notes(text):
    """Unfinished work, and silenced warnings that do not say why."""
    for line, comment in cxx.comments(text):
        if _UNFINISHED.search(comment):
            yield line, "unfinished work noted in the code", "finish it, or open an issue"
        match = _NOLINT.search(comment)
        if match and match["form"] != "END" and not re.match(r"\([\w.,* -]+\): \S", match["rest"]):
            yield line, "silenced warning without a reason", "write NOLINT(check-name): reason"
