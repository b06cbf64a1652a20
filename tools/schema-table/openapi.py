"""OpenAPI documents of Kubernetes, read into a graph of types.

The rules follow what kube-apiserver makes of the same documents for server-side apply
(k8s.io/kube-openapi/pkg/schemaconv); src/object/schema_builder.cc does the same at run time.
"""

import json
from dataclasses import dataclass, field, replace

PREFIX = "io.k8s.apimachinery.pkg."
QUANTITY = PREFIX + "api.resource.Quantity"
RAW_EXTENSION = PREFIX + "runtime.RawExtension"
SCALARS = {"string": "kString", "integer": "kInteger", "number": "kNumber", "boolean": "kBoolean"}
STRING_FORMATS = {"byte": "kBytes", "date-time": "kTime", "int-or-string": "kIntOrString"}


@dataclass(frozen=True)
class Field:
    type: int  # index into Graph.types, later the number of the merged type
    default: str  # compact JSON, or "" without a default
    required: bool


@dataclass
class Type:
    """One use of a type. A reference with attributes of its own has a target until resolved."""

    kind: str = "kAny"
    list_type: str = "kAtomic"
    map_type: str = "kGranular"
    flags: frozenset = frozenset()
    format: str = ""
    merge_key: str = ""
    keys: tuple = ()
    element: int | None = None
    fields: dict = field(default_factory=dict)
    target: int | None = None


@dataclass(frozen=True)
class Kind:
    group: str
    version: str
    kind: str
    type: object  # the name of a definition or None; then an index into Graph.types
    plural: str = ""
    flags: frozenset = frozenset()

    @property
    def key(self):
        return (self.group, self.version, self.kind)


class Graph:
    """The types that named definitions and everything within them make."""

    def __init__(self, definitions):
        self.definitions = definitions
        self.types = [Type()]  # 0: anything
        self.named = {}

    def named_type(self, name):
        if name not in self.named:
            self.named[name] = len(self.types)
            self.types.append(None)
            self.types[self.named[name]] = self.convert(self.definitions[name], name)
        return self.named[name]

    def type_of(self, schema):
        reference = schema.get("$ref")
        if reference is None and len(schema.get("allOf", [])) == 1:
            reference = schema["allOf"][0].get("$ref")
        if reference is None:
            self.types.append(self.convert(schema))
            return len(self.types) - 1
        target = self.named_type(reference.rsplit("/", 1)[1])
        flags = patch_flags(schema)
        if not flags and "x-kubernetes-map-type" not in schema:
            return target
        declared = map_type(schema) if "x-kubernetes-map-type" in schema else ""
        self.types.append(Type(map_type=declared, flags=flags, target=target))
        return len(self.types) - 1

    def convert(self, schema, name=""):
        if name == QUANTITY:
            return Type(kind="kQuantity")
        if name == RAW_EXTENSION:
            return Type(map_type="kAtomic")
        kind = schema.get("type", "")
        form = schema.get("format", "")
        if kind == "object":
            return self.convert_object(schema)
        if kind == "array":
            relationship, keys = list_relationship(schema)
            return Type(kind="kList", list_type=relationship, keys=keys, flags=patch_flags(schema),
                        merge_key=schema.get("x-kubernetes-patch-merge-key", ""),
                        element=self.type_of(schema["items"]))
        if kind in ("", "string") and form in STRING_FORMATS:
            return Type(kind=STRING_FORMATS[form], format=form, flags=patch_flags(schema))
        return Type(kind=SCALARS[kind] if kind else "kAny", format=form, flags=patch_flags(schema))

    def convert_object(self, schema):
        properties = schema.get("properties", {})
        required = schema.get("required", [])
        fields = {}
        for name, member in properties.items():
            default = json.dumps(member["default"], separators=(",", ":"), sort_keys=True) \
                if "default" in member else ""
            fields[name] = Field(self.type_of(member), default, name in required)
        values = schema.get("additionalProperties")
        is_open = values is True or (values is None and not properties)
        return Type(kind="kObject", map_type=map_type(schema), fields=fields,
                    flags=patch_flags(schema) | ({"kOpen"} if is_open else set()),
                    element=self.type_of(values) if isinstance(values, dict) else None)

    def resolve(self):
        """Gives references with attributes the content of what they refer to."""
        for index, use in enumerate(self.types):
            if use.target is not None:
                target = self.types[use.target]
                self.types[index] = replace(target, map_type=use.map_type or target.map_type,
                                            flags=target.flags | use.flags)


def map_type(schema):
    return {"atomic": "kAtomic", "granular": "kGranular"}[
        schema.get("x-kubernetes-map-type", "granular")]


def patch_flags(schema):
    names = {"merge": "kPatchMerge", "replace": "kPatchReplace", "retainKeys": "kPatchRetainKeys"}
    strategies = schema.get("x-kubernetes-patch-strategy", "")
    return frozenset(names[strategy] for strategy in strategies.split(",") if strategy)


def list_relationship(schema):
    """How server-side apply sees a list: as declared, or else as strategic merge would."""
    declared = schema.get("x-kubernetes-list-type")
    if declared == "map":
        return "kMap", tuple(schema["x-kubernetes-list-map-keys"])
    if declared is not None:
        return {"set": "kSet", "atomic": "kAtomic"}[declared], ()
    if "kPatchMerge" not in patch_flags(schema):
        return "kAtomic", ()
    key = schema.get("x-kubernetes-patch-merge-key")
    return ("kMap", (key,)) if key else ("kSet", ())


def resources_of(paths):
    """(group, version, kind) → (plural, flags), from the paths under which objects are served."""
    found = {}
    for path, operations in paths.items():
        parts, scope = resource_path(path)
        key = kind_of(operations)
        if key and len(parts) == 2 and parts[1] == "{name}":
            found[key] = (parts[0], {scope})
    for path, operations in paths.items():
        parts, _ = resource_path(path)
        if len(parts) == 3 and parts[2] in ("status", "scale"):
            _, flags = found[kind_of(paths[path.rsplit("/", 1)[0]])]
            flags.add("kStatus" if parts[2] == "status" else "kScale")
    return {key: (plural, frozenset(flags)) for key, (plural, flags) in found.items()}


def resource_path(path):
    """What follows version and namespace, and the scope."""
    parts = path.strip("/").split("/")
    parts = parts[2:] if parts[0] == "api" else parts[3:] if parts[0] == "apis" else []
    if parts[:2] == ["namespaces", "{namespace}"]:
        return parts[2:], "kNamespaced"
    return parts, "kCluster"


def kind_of(operations):
    for operation in operations.values():
        gvk = isinstance(operation, dict) and operation.get("x-kubernetes-group-version-kind")
        if gvk:
            return (gvk["group"], gvk["version"], gvk["kind"])
    return None


def read(definitions, kinds):
    """The resolved types, and the kinds sorted, of type an index."""
    graph = Graph(definitions)
    kinds = [replace(kind, type=graph.named_type(kind.type) if kind.type else 0) for kind in kinds]
    graph.resolve()
    return graph.types, sorted(kinds, key=lambda kind: kind.key)
