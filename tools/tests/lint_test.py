"""Tests of tools/lint: each writes one file that breaks a rule, or looks as if it did."""

import json
import shutil
import unittest

from fixture import ROOT, ToolTest

LONG = "\n".join(f"  f({i});" for i in range(98))


class LintTest(ToolTest):
    tool = "lint"

    def check(self, name, path, text, expected):
        """`expected`: how the one problem starts after the path, or None for no problem."""
        with self.subTest(name, text=text):
            self.write(path, text)
            if expected is None:
                self.assert_clean()
            else:
                self.assert_problem(f"{path}:{expected}")
            (self.root / path).unlink()

    # Names used outside their folder.

    def test_banned_names(self):
        cases = [
            ("boost::json::value v;", "boost::json"),
            ("std::thread t;", "std threads and locks"),
            ("std::jthread t;", "std threads and locks"),
            ("std::mutex m;", "std threads and locks"),
            ("std::condition_variable_any c;", "std threads and locks"),
            ("std::lock_guard lock(m);", "std threads and locks"),
            ("std::this_thread::yield();", "std threads and locks"),
            ("auto t = std::chrono::steady_clock::now();", "the time of day"),
            ("auto t = Clock::now();", "the time of day"),
            ("clock_gettime(CLOCK_MONOTONIC, &t);", "the time of day"),
            ("auto t = time(nullptr);", "the time of day"),
            ("auto t = std::time(&x);", "the time of day"),
            ("gettimeofday(&t, nullptr);", "the time of day"),
            ('auto* p = getenv("HOME");', "the environment"),
            ('auto* p = std::getenv("HOME");', "the environment"),
            ("for (char** e = environ; *e; ++e) {}", "the environment"),
            ("std::filesystem::path p;", "std::filesystem"),
            ("std::ifstream in(path);", "file streams"),
            ("std::regex r;", "std::regex"),
            ("int r = rand();", "ambient randomness"),
            ("int r = std::rand();", "ambient randomness"),
            ("std::random_device d;", "ambient randomness"),
            ("sleep_for(1s);", "sleeping"),
            ("usleep(10);", "sleeping"),
            ("::sleep(10);", "sleeping"),
            ("auto pid = fork();", "processes"),
            ("execvp(a, b);", "processes"),
            ("int s = ::socket(a, b, 0);", "sockets and file descriptors"),
            ("int s = socket(AF_INET, b, 0);", "sockets and file descriptors"),
            ("int f = open(path, O_RDONLY);", "sockets and file descriptors"),
        ]
        for code, name in cases:
            self.check(name, "src/engine/queue.cc", f"int a;\n{code}\n", f"2: {name}: ")

    def test_names_in_their_own_folder(self):
        cases = [
            ("object/json.cc", "boost::json::error_code e;"),
            ("env/executor.cc", "std::thread t; std::mutex m;"),
            ("base/mutex.h", "std::mutex m;"),
            ("env/clock.cc", "auto t = std::chrono::steady_clock::now();"),
            ("env/files.cc", "std::filesystem::path p; ::open(p, O_RDONLY);"),
            ("object/yaml_test.cc", "std::ifstream in(path);"),
        ]
        for path, code in cases:
            self.check(path, f"src/{path}", code, None)

    def test_names_that_only_look_banned(self):
        cases = {
            "a comment": "// std::thread is for env/\n/* getenv(x)\n std::mutex */",
            "a string": 'auto s = "std::regex"; auto e = "getenv";',
            "a raw string": 'auto s = R"(std::regex " std::mutex)";',
            "a string after a digit separator": "int n = 1'000'000; auto s = \"std::thread\"; char c = '\"';",
            "a member": "auto t = clock_.now(); timer.sleep(d); file->open(p); object.time(0);",
            "another's function": "store::open(path); env::sleep_for(d); Files::open(p);",
            "a longer name": "int fork_depth(int); auto t = runtime(nullptr); my_rand(); operand();",
            "a definition in a class's scope": "Result<Files> Files::open(int flags) { return {}; }",
            "a plain declaration": "Time time(const Value& value);",
        }
        for name, code in cases.items():
            self.check(name, "src/engine/queue.cc", code, None)

    def test_other_trees_may_use_them(self):
        self.check("bench", "bench/yaml_bench.cc", "auto t = std::chrono::steady_clock::now();", None)

    # Stored views.

    def test_stored_views(self):
        cases = {
            "a member": "struct A {\n  std::string_view name;\n};",
            "after an access specifier": "class A {\n public: std::string_view name_;\n};",
            "with an initialiser": "class A {\n  std::string_view name_{};\n};",
            "inside a container": "struct A {\n  std::vector<std::string_view> names;\n};",
            "a span": "struct A final : B {\n  std::span<const int> items = kNone;\n};",
            "of a template": "template <class T>\nstruct A { std::span<T> items; };",
            "of an annotated class": 'class CAPABILITY(x("m")) A {\n  std::string_view name;\n};',
            "of a struct in a function": "void f() {\nstruct A { std::string_view name; };\n}",
        }
        for name, code in cases.items():
            self.check(name, "src/plan/plan.h", code, "2: stored view: ")

    def test_views_that_are_not_stored(self):
        cases = {
            "a parameter": "struct A {\n  void f(std::string_view a, std::span<int> b);\n};",
            "a result": "struct A {\n  std::string_view name() const { return name_; }\n  std::string name_;\n};",
            "a conversion": "struct A {\n  operator std::string_view() const;\n};",
            "an assignment": "struct A {\n  A& operator=(std::string_view text);\n};",
            "what a callback takes": "struct A {\n  std::function<void(std::string_view)> visit;\n};",
            "a constant": 'struct A {\n  static constexpr std::string_view kName = "a";\n};',
            "an alias": "struct A {\n  using key = std::string_view;\n};",
            "a local": "struct A {\n  void f() { std::string_view a; g(a); }\n};",
            "a constructor's parameter": "struct A {\n  A(std::string_view a) : a_{a}, b_(a) {}\n  std::string a_;\n};",
            "a reason": "struct A {\n  std::string_view rest_;  // view: a cursor lives as long as its text\n};",
            "a reason for all": "struct A {  // view: of one line\n  std::string_view a;\n  std::string_view b;\n};",
            "a function that returns a struct": "struct A f() {\n  std::string_view name;\n  return A{name};\n}",
        }
        for name, code in cases.items():
            self.check(name, "src/plan/plan.h", code, None)

    def test_a_view_needs_a_reason(self):
        self.check("no reason", "src/plan/plan.h", "struct A {\n  std::string_view a;  // view:\n};", "2: stored view")

    def test_a_tests_table_may_view_literals(self):
        self.check("test", "src/plan/plan_test.cc", "struct Case {\n  std::string_view name;\n};", None)

    # Functions.

    def test_long_functions(self):
        cases = {
            "free": (f"int a;\nvoid f(int x) {{\n{LONG}\n}}\n", None),
            "free, one more": (f"int a;\nvoid f(int x) {{\n\n{LONG}\n}}\n", "2: function 'f' has 101 lines"),
            "member": (f"int A::g() const {{\n\n{LONG}\n}}\n", "1: function 'A::g' has 101 lines"),
            "in a class": (f"class A {{\n  int h() {{\n\n{LONG}\n}}\n}};\n", "2: function 'h' has 101 lines"),
            "a lambda counts with its function": (f"void f() {{\n  run([] {{\n{LONG}\n}});\n}}\n", "1: function 'f' has"),
            "a table is no function": (f"const int kTable[] = {{\n\n{LONG}\n}};\n", None),
            "nor is a class": (f"class A {{\n\n{LONG}\n}};\n", None),
            "nor a namespace": (f"namespace a {{\n\n{LONG}\n}}\n", None),
            "braces in literals do not count": (f"void f() {{\n  g(\"{{\", '{{');\n}}\nint b;\n{LONG}\n", None),
        }
        for name, (code, expected) in cases.items():
            self.check(name, "src/plan/plan.cc", code, expected)

    # Notes.

    def test_unfinished_work(self):
        for word in ("TO" "DO", "FIX" "ME"):
            self.check(word, "tests/e2e/sync.cc", f"int a;\n// {word}: more\n", "2: unfinished work")
        self.check("a string", "src/plan/plan.cc", 'auto s = "TO' 'DO";\n', None)

    def test_silenced_warnings(self):
        cases = [
            ("int a;  // NOLINT", "1: silenced"),
            ("int a;  // NOLINT(bugprone-x)", "1: silenced"),
            ("// NOLINTNEXTLINE(bugprone-x):", "1: silenced"),
            ("// NOLINTBEGIN: because", "1: silenced"),
            ("int a;  // NOLINT(bugprone-x,cert-y): the library wants an int", None),
            ("// NOLINTBEGIN(bugprone-x): generated\n// NOLINTEND(bugprone-x)", None),
        ]
        for code, expected in cases:
            self.check("NOLINT", "src/plan/plan.cc", code, expected)

    # Other linters.

    @unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is not installed")
    def test_shellcheck_reads_bash_scripts_only(self):
        self.write("tools/name.py", "#!/usr/bin/env python3\nx = $1\n")
        self.assert_clean()
        self.write("run", "#!/usr/bin/env bash\nrm $1\n")
        code, lines, _ = self.run_tool()
        self.assertEqual(code, 1)
        self.assertIn("run:2:4:", lines[0])

    @unittest.skipUnless(shutil.which("clang-tidy-19"), "clang-tidy is not installed")
    def test_tidy_forgets_a_file_when_its_header_changes(self):
        self.write(".clang-tidy", "Checks: '-*,modernize-use-nullptr'\nWarningsAsErrors: '*'\nHeaderFilterRegex: '.*'\n")
        self.write("src/plan/plan.h", "#pragma once\ninline int* none() { return nullptr; }\n")
        self.write("src/plan/plan.cc", '#include "plan/plan.h"\nint* a = none();\n')
        file = str(self.root / "src/plan/plan.cc")
        entry = {"directory": str(self.root), "file": file, "command": f"c++ -I{self.root}/src -c {file}"}
        self.write("build/debug/compile_commands.json", json.dumps([entry]))
        mark = self.root / "build" / "tidy-cache" / "src__plan__plan.cc"

        self.assert_clean("--tidy")
        found_clean = mark.stat().st_mtime_ns
        self.assert_clean("--tidy")
        self.assertEqual(mark.stat().st_mtime_ns, found_clean, "checked again though nothing changed")

        self.write("src/plan/plan.h", "#pragma once\ninline int* none() { return 0; }\n")
        for _ in range(2):  # A failure is not remembered as clean.
            code, lines, _ = self.run_tool("--tidy")
            self.assertEqual(code, 1)
            self.assertTrue(lines[0].startswith("src/plan/plan.h:2:"), lines)

    def test_this_repository(self):
        code, lines, stderr = self.run_tool(root=ROOT)
        self.assertEqual(lines, [])
        self.assertEqual(code, 0, stderr)


if __name__ == "__main__":
    unittest.main()
