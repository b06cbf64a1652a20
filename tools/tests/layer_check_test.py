"""Tests of tools/layer-check: each breaks one rule in a small tree, or keeps to them all."""

import json
import os
import unittest

from fixture import ROOT, ToolTest


class LayerCheckTest(ToolTest):
    tool = "layer-check"

    def header(self, path, *includes):
        self.write(f"src/{path}", "#pragma once\n" + "".join(f"#include {i}\n" for i in includes))

    def source(self, path, *includes):
        self.write(f"src/{path}", "".join(f"#include {i}\n" for i in includes))

    # Layers.

    def test_allowed_includes_pass(self):
        self.header("base/result.h", "<string>")
        self.header("object/value.h", '"base/result.h"')
        self.header("source/tree.h", '"object/value.h"')
        self.header("render/render.h", '"source/tree.h"', '"object/value.h"', '"gotemplate/run.h"')
        self.source("api/argo/application.cc", '"render/render.h"', '"engine/delivery.h"')
        self.source("apiserver/server.cc", '"cluster/cluster.h"', '"store/store.h"')
        self.source("cli/build.cc", '"engine/engine.h"', '"env/files.h"')
        self.source("main/main.cc", '"cli/cli.h"', '"server/server.h"')
        self.assert_clean()

    def test_forbidden_includes(self):
        cases = {
            "up": ("base/hash.cc", "object/value.h", "base"),
            "a sibling": ("object/value.cc", "env/files.h", "object"),
            "another header of a folder of which one is allowed": ("render/plain.cc", "source/git/git.h", "render"),
            "a concrete cluster": ("apiserver/server.cc", "cluster/rest.h", "apiserver"),
            "the server from a command": ("cli/serve.cc", "server/server.h", "cli"),
            "a language from another": ("jq/jq.cc", "cel/cel.h", "jq"),
        }
        for name, (file, included, folder) in cases.items():
            with self.subTest(name):
                self.source(file, "<string>", f'"{included}"')
                self.assert_problem(f'src/{file}:2: {folder} may not include "{included}": ')
                (self.root / "src" / file).unlink()

    def test_a_test_may_use_apiserver_and_simulation(self):
        self.source("apply/apply_test.cc", '"apiserver/apiserver.h"', '"env/sim.h"')
        self.source("object/object_test.cc", '"env/sim_clock.h"')
        self.assert_clean()

    def test_a_test_may_not_use_more(self):
        self.source("object/object_test.cc", '"env/curl_http.h"')
        self.assert_problem('src/object/object_test.cc:1: object may not include "env/curl_http.h": ')

    def test_production_code_may_not_use_what_its_test_may(self):
        self.source("apply/apply.cc", '"apiserver/apiserver.h"')
        self.assert_problem('src/apply/apply.cc:1: apply may not include "apiserver/apiserver.h": ')

    def test_an_include_in_a_comment_does_not_count(self):
        self.source("base/hash.cc", "<string>  // not #include")
        self.write("src/base/id.cc", '// #include "engine/engine.h"\n/*\n#include "cli/cli.h"\n*/\n')
        self.assert_clean()

    def test_unknown_folder(self):
        self.source("rollout/canary.cc", "<string>")
        self.assert_problem("src/rollout/canary.cc:1: unknown folder 'rollout': add it to tools/layers.txt")

    def test_include_of_an_unknown_folder(self):
        self.source("base/hash.cc", '"fmt/format.h"')
        self.assert_problem("src/base/hash.cc:1: unknown folder 'fmt': ")

    def test_include_without_a_folder(self):
        self.source("base/hash.cc", '"hash.h"')
        self.assert_problem('src/base/hash.cc:1: "hash.h" names no folder: ')

    def test_our_header_in_angle_brackets(self):
        self.header("base/hash.h")
        self.source("base/hash.cc", "<base/hash.h>")
        self.assert_problem("src/base/hash.cc:1: <base/hash.h> is a header of ours: ")

    def test_subfolders_that_stay_apart(self):
        cases = {
            "one includes the other": ("render/helm/chart.cc", ['"render/kustomize/build.h"'], 1),
            "a third file joins them": ("render/cache.cc", ['"render/helm/chart.h"', '"render/kustomize/build.h"'], 2),
            "the front ends": ("api/flux/kustomization.cc", ['"api/argo/application.h"'], 1),
        }
        for name, (file, includes, line) in cases.items():
            with self.subTest(name):
                self.source(file, *includes)
                self.assert_problem(f"src/{file}:{line}: joins ")
                (self.root / "src" / file).unlink()

    def test_subfolders_meet_where_they_may(self):
        self.source("render/render.cc", '"render/helm/chart.h"', '"render/kustomize/build.h"')
        self.assert_clean()

    # Library headers.

    def test_library_headers_in_their_place(self):
        self.source("object/json.cc", "<boost/json/basic_parser_impl.hpp>")
        self.header("object/yaml_events.h", "<yaml.h>")
        self.source("base/log.cc", "<spdlog/spdlog.h>")
        self.header("base/mutex.h", "<mutex>")
        self.source("env/curl_http.cc", "<curl/curl.h>", "<thread>", "<filesystem>", "<boost/context/fiber.hpp>")
        self.source("source/git/odb.cc", "<git2.h>")
        self.source("cli/parse.cc", "<CLI/CLI.hpp>", "<iostream>")
        self.assert_clean()

    def test_library_headers_out_of_place(self):
        cases = [
            ("object/value.h", "boost/json.hpp"), ("plan/diff.cc", "boost/json/value.hpp"),
            ("base/text.cc", "spdlog/spdlog.h"), ("object/value.cc", "yaml.h"),
            ("source/oci/pull.cc", "curl/curl.h"), ("source/oci/pull.cc", "git2.h"),
            ("engine/queue.cc", "thread"), ("engine/queue.cc", "boost/context/fiber.hpp"),
            ("base/mutex.cc", "condition_variable"), ("source/tree.cc", "filesystem"),
            ("env/files.cc", "regex"), ("object/value.cc", "iostream"), ("env/http.cc", "boost/beast.hpp"),
        ]
        for file, header in cases:
            with self.subTest(f"{header} in {file}"):
                self.header(file, f"<{header}>")
                self.assert_problem(f"src/{file}:2: <{header}> is not for this file: ")
                (self.root / "src" / file).unlink()

    def test_a_costly_header_stays_in_one_file(self):
        self.source("cli/options.cc", "<CLI/CLI.hpp>")
        self.source("cli/parse.cc", "<CLI/CLI.hpp>")
        self.assert_problem("src/cli/parse.cc:1: <CLI/CLI.hpp> is already included in src/cli/options.cc: ")

    # Cycles.

    def test_include_cycle_is_printed_once(self):
        self.header("object/a.h", '"object/b.h"')
        self.header("object/b.h", '"object/c.h"')
        self.header("object/c.h", "<string>", '"object/a.h"')
        self.source("object/a.cc", '"object/a.h"')
        self.assert_problem("src/object/c.h:3: include cycle: object/a.h -> object/b.h -> object/c.h -> object/a.h: ")

    def test_a_header_that_includes_itself(self):
        self.header("object/a.h", '"object/a.h"')
        self.assert_problem("src/object/a.h:2: include cycle: object/a.h -> object/a.h: ")

    def test_a_diamond_is_no_cycle(self):
        self.header("object/top.h", '"object/left.h"', '"object/right.h"')
        self.header("object/left.h", '"object/bottom.h"')
        self.header("object/right.h", '"object/bottom.h"')
        self.header("object/bottom.h")
        self.assert_clean()

    # Tests that nothing builds.

    def build(self, *built):
        entries = [{"directory": str(self.root / "build"), "file": f"../{b}", "command": "c++"} for b in built]
        self.write("build/compile_commands.json", json.dumps(entries))
        return ["--require-build", "--build", str(self.root / "build")]

    def test_built_tests_pass(self):
        self.source("object/yaml_test.cc")
        self.source("object/yaml_fuzz.cc")
        self.assert_clean(*self.build("src/object/yaml_test.cc", "src/object/yaml_fuzz.cc"))

    def test_unbuilt_tests(self):
        for file in ("src/object/yaml_test.cc", "src/object/yaml_fuzz.cc", "tests/e2e/sync_test.cc"):
            with self.subTest(file):
                self.write(file, "")
                self.assert_problem(f"{file}:1: no target builds it: ", *self.build("src/object/value.cc"))
                (self.root / file).unlink()

    def test_without_a_build_the_part_is_reported(self):
        self.source("object/yaml_test.cc")
        code, _, stderr = self.run_tool()
        self.assertEqual(code, 0)
        self.assertIn("not checked: that every test is built", stderr)
        code, _, stderr = self.run_tool("--require-build")
        self.assertEqual(code, 1)

    def test_an_unreadable_build_is_an_error(self):
        code, lines, _ = self.run_tool("--build", str(self.root / "nowhere"))
        self.assertEqual(code, 1)
        self.assertIn("cmake --preset", lines[0])

    # Shape.

    def test_header_without_pragma_once(self):
        self.write("src/object/a.h", "// #pragma once\nint a();\n")
        self.assert_problem("src/object/a.h:1: header without '#pragma once': ")

    def test_file_length(self):
        self.write("src/object/a.cc", "\n" * 800)
        self.write("src/object/facts.gen.cc", "\n" * 5000)
        self.assert_clean()
        self.write("src/object/a.cc", "\n" * 801)
        self.assert_problem("src/object/a.cc:801: 801 lines, more than 800: ")

    def test_names_that_say_nothing(self):
        for file in ("src/object/util/a.cc", "src/object/yaml_utils.cc", "src/object/common.h", "tests/misc_test.cc"):
            with self.subTest(file):
                self.write(file, "#pragma once\n")
                code, lines, _ = self.run_tool()
                self.assertEqual((code, len(lines)), (1, 1), lines)
                self.assertIn("says nothing", lines[0])
                (self.root / file).unlink()

    def test_a_term_that_contains_such_a_name_passes(self):
        self.source("object/common_name.cc")
        self.assert_clean()

    # The table.

    def test_the_table_points_down_only(self):
        self.write("tools/layers.txt", "[folders]\nbase ->\nplan -> object\nobject -> base\n")
        code, lines, _ = self.run_tool()
        self.assertEqual(code, 1)
        self.assertRegex(lines[0], r"layers.txt:3: 'plan' may include 'object', which is not above it: ")

    def test_an_unreadable_line_of_the_table(self):
        self.write("tools/layers.txt", "[folders]\nbase\n")
        code, lines, _ = self.run_tool()
        self.assertEqual(code, 1)
        self.assertIn("layers.txt:2: cannot read 'base': ", lines[0])

    def test_this_repository(self):
        build = os.environ.get("PLUMB_BUILD_DIR")
        code, lines, stderr = self.run_tool(*(["--require-build", "--build", build] if build else []), root=ROOT)
        self.assertEqual(lines, [])
        self.assertEqual(code, 0, stderr)


if __name__ == "__main__":
    unittest.main()
