"""Tests of tools/schema-table: how OpenAPI becomes types, and types become a table."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "schema-table"))

import openapi  # noqa: E402
import table  # noqa: E402

KIND = openapi.Kind("g", "v1", "K", "Root")


def read(**definitions):
    types, kinds = openapi.read(definitions, [KIND])
    return types, types[kinds[0].type], kinds


class OpenapiTest(unittest.TestCase):
    def field(self, schema, **definitions):
        types, root, _ = read(Root={"type": "object", "properties": {"f": schema}}, **definitions)
        return types[root.fields["f"].type]

    def test_lists(self):
        name = {"x-kubernetes-patch-merge-key": "name"}
        merge = {"x-kubernetes-patch-strategy": "merge"}
        keys = {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a", "b"]}
        for attributes, list_type, expected in [
            ({}, "kAtomic", ()),
            ({"x-kubernetes-list-type": "set"}, "kSet", ()),
            (keys, "kMap", ("a", "b")),
            ({**keys, **merge, **name}, "kMap", ("a", "b")),
            ({**merge, **name}, "kMap", ("name",)),
            (merge, "kSet", ()),
            ({"x-kubernetes-list-type": "atomic", **merge, **name}, "kAtomic", ()),
        ]:
            with self.subTest(attributes):
                made = self.field({"type": "array", "items": {"type": "string"}, **attributes})
                self.assertEqual((made.list_type, made.keys), (list_type, expected))

    def test_attributes_of_a_reference_belong_to_that_use(self):
        item = {"type": "object", "properties": {"a": {"type": "string"}}}
        made = self.field({"allOf": [{"$ref": "#/x/Item"}], "x-kubernetes-map-type": "atomic",
                           "x-kubernetes-patch-strategy": "retainKeys"}, Item=item)
        self.assertEqual(made.map_type, "kAtomic")
        self.assertEqual(made.flags, {"kPatchRetainKeys"})
        self.assertEqual(list(made.fields), ["a"])
        self.assertEqual(self.field({"$ref": "#/x/Item"}, Item=item).map_type, "kGranular")

    def test_objects_are_open_if_nothing_is_said_of_their_members(self):
        for schema, is_open in [({}, True), ({"properties": {"a": {}}}, False),
                                ({"additionalProperties": {"type": "string"}}, False),
                                ({"properties": {"a": {}}, "additionalProperties": True}, True)]:
            with self.subTest(schema):
                self.assertEqual("kOpen" in self.field({"type": "object", **schema}).flags, is_open)

    def test_paths_say_scope_plural_and_subresources(self):
        operation = {"get": {"x-kubernetes-group-version-kind":
                             {"group": "g", "version": "v1", "kind": "K"}}}
        scale = {"get": {"x-kubernetes-group-version-kind":
                         {"group": "autoscaling", "version": "v1", "kind": "Scale"}}}
        one = "/apis/g/v1/namespaces/{namespace}/ks/{name}"
        self.assertEqual(openapi.resources_of({one: operation, one + "/scale": scale}),
                         {("g", "v1", "K"): ("ks", {"kNamespaced", "kScale"})})
        self.assertEqual(openapi.resources_of({"/api/v1/ks/{name}": operation}),
                         {("g", "v1", "K"): ("ks", {"kCluster"})})


class TableTest(unittest.TestCase):
    def test_equal_types_are_one_even_if_they_hold_themselves(self):
        def node(following):
            return {"type": "object", "properties": {"next": {"$ref": f"#/x/{following}"}}}

        types, _, kinds = read(Root={"type": "object", "properties": {
            "a": {"$ref": "#/x/A"}, "b": {"$ref": "#/x/B"}}}, A=node("B"), B=node("A"))
        made = table.Table(types, kinds)
        self.assertEqual(len(made.types), 3)  # anything, Root, and A which is B

    def test_what_differs_far_below_stays_apart(self):
        def chain(last):
            return {"type": "object", "properties": {
                "x": {"type": "object", "properties": {"y": {"type": last}}}}}

        types, _, kinds = read(Root={"type": "object", "properties": {
            "a": chain("string"), "b": chain("integer")}})
        self.assertEqual(len(table.Table(types, kinds).types), 8)

    def test_what_no_kind_reaches_is_left_out(self):
        types, _, kinds = read(Root={"type": "object"}, Other={"type": "array", "items": {}})
        self.assertEqual(len(table.Table(types, kinds).types), 2)

    def test_text_is_escaped(self):
        self.assertEqual(table.literal('a"b\\'), '"a\\"b\\\\\\0"')


if __name__ == "__main__":
    unittest.main()
