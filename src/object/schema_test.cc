#include "object/schema.h"

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/schema_table.h"

namespace plumb::object {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> keys_of(TypeRef type) {
  std::vector<std::string> keys;
  for (size_t i = 0; i < type.list_keys().size(); ++i) keys.emplace_back(type.list_keys()[i]);
  return keys;
}

TypeRef type_of(const Schema& schema, std::string_view api_version, std::string_view kind) {
  auto info = schema.find(api_version, kind);
  return info ? info->type : TypeRef();
}

TypeRef pod_spec(const Schema& schema) { return type_of(schema, "v1", "Pod").field("spec"); }

TypeRef container(const Schema& schema) { return pod_spec(schema).field("containers").element(); }

TEST(Schema, ContainersAreAMapByName) {
  for (const Schema& schema : {Schema::current(), Schema::kustomize()}) {
    TypeRef containers = pod_spec(schema).field("containers");
    EXPECT_EQ(containers.kind(), TypeKind::kList);
    EXPECT_EQ(containers.list_type(), ListType::kMap);
    EXPECT_THAT(keys_of(containers), ElementsAre("name"));
    EXPECT_EQ(containers.merge_key(), "name");
    EXPECT_TRUE(containers.patch_merges());
    EXPECT_FALSE(containers.patch_retains_keys());
    EXPECT_EQ(containers.element().kind(), TypeKind::kObject);
  }
}

TEST(Schema, ContainerPortsHaveTwoKeysButOneMergeKey) {
  for (const Schema& schema : {Schema::current(), Schema::kustomize()}) {
    TypeRef ports = container(schema).field("ports");
    EXPECT_THAT(keys_of(ports), ElementsAre("containerPort", "protocol"));
    EXPECT_EQ(ports.merge_key(), "containerPort");
  }
}

TEST(Schema, TolerationsAreAtomic) {
  for (const Schema& schema : {Schema::current(), Schema::kustomize()}) {
    TypeRef tolerations = pod_spec(schema).field("tolerations");
    EXPECT_EQ(tolerations.list_type(), ListType::kAtomic);
    EXPECT_THAT(keys_of(tolerations), IsEmpty());
    EXPECT_FALSE(tolerations.patch_merges());
  }
}

TEST(Schema, FinalizersAreASet) {
  TypeRef meta = type_of(Schema::current(), "v1", "Pod").field("metadata");
  EXPECT_EQ(meta.field("finalizers").list_type(), ListType::kSet);
  EXPECT_EQ(meta.field("finalizers").element().kind(), TypeKind::kString);
}

TEST(Schema, AMergedListWithoutListTypeTakesItsMergeKey) {
  // Kubernetes 1.21 said no more of containers than their patch strategy.
  TypeRef mounts = container(Schema::kustomize()).field("volumeMounts");
  EXPECT_EQ(mounts.list_type(), ListType::kMap);
  EXPECT_THAT(keys_of(mounts), ElementsAre("mountPath"));
}

TEST(Schema, VolumesRetainKeys) {
  TypeRef volumes = pod_spec(Schema::current()).field("volumes");
  EXPECT_TRUE(volumes.patch_merges());
  EXPECT_TRUE(volumes.patch_retains_keys());
}

TEST(Schema, AStrategyOnAReferenceBelongsToThatUseOnly) {
  TypeRef spec = type_of(Schema::current(), "apps/v1", "Deployment").field("spec");
  EXPECT_TRUE(spec.field("strategy").patch_retains_keys());
  EXPECT_EQ(spec.field("strategy").field("type").kind(), TypeKind::kString);
  EXPECT_FALSE(spec.field("template").patch_retains_keys());
}

TEST(Schema, MapsAreGranularUnlessSaidOtherwise) {
  EXPECT_EQ(pod_spec(Schema::current()).field("nodeSelector").map_type(), MapType::kAtomic);
  TypeRef labels = type_of(Schema::current(), "v1", "Pod").field("metadata").field("labels");
  EXPECT_EQ(labels.map_type(), MapType::kGranular);
  TypeRef selector =
      type_of(Schema::current(), "apps/v1", "Deployment").field("spec").field("selector");
  EXPECT_EQ(selector.map_type(), MapType::kAtomic);
}

TEST(Schema, ScalarsHaveKinds) {
  Schema schema = Schema::current();
  struct Case {
    TypeRef type;
    TypeKind kind;
    std::string_view format;
  };
  TypeRef pod = type_of(schema, "v1", "Pod");
  TypeRef limits = container(schema).field("resources").field("limits");
  TypeRef probe = container(schema).field("livenessProbe");
  const Case cases[] = {
      {container(schema).field("image"), TypeKind::kString, ""},
      {pod_spec(schema).field("hostNetwork"), TypeKind::kBoolean, ""},
      {pod_spec(schema).field("priority"), TypeKind::kInteger, "int32"},
      {limits.element(), TypeKind::kQuantity, ""},
      {probe.field("httpGet").field("port"), TypeKind::kIntOrString, "int-or-string"},
      {pod.field("metadata").field("creationTimestamp"), TypeKind::kTime, "date-time"},
      {type_of(schema, "v1", "Secret").field("data").element(), TypeKind::kBytes, "byte"},
      {type_of(schema, "v1", "List"), TypeKind::kAny, ""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(c.type.kind(), c.kind) << c.format;
    EXPECT_EQ(c.type.format(), c.format);
  }
}

TEST(Schema, FieldsHaveDefaults) {
  TypeRef port = container(Schema::current()).field("ports").element();
  ASSERT_TRUE(port.find_field("protocol"));
  EXPECT_EQ(port.find_field("protocol")->default_json, "\"TCP\"");
  EXPECT_EQ(port.find_field("protocol")->default_value(), Value("TCP"));
  EXPECT_TRUE(port.find_field("hostPort")->default_value().is_null());
}

TEST(Schema, FieldsAreRequiredOrNot) {
  TypeRef port = container(Schema::current()).field("ports").element();
  EXPECT_TRUE(port.find_field("containerPort")->required);
  EXPECT_FALSE(port.find_field("protocol")->required);
}

TEST(Schema, AFieldThatIsNotThereIsEmpty) {
  EXPECT_FALSE(pod_spec(Schema::current()).find_field("contain"));
  EXPECT_FALSE(pod_spec(Schema::current()).find_field(""));
  EXPECT_FALSE(pod_spec(Schema::current()).field("containersX"));
  TypeRef nowhere = pod_spec(Schema::current()).field("no").element().field("such").child("thing");
  EXPECT_FALSE(nowhere);
  EXPECT_EQ(nowhere.kind(), TypeKind::kAny);
  EXPECT_EQ(nowhere.merge_key(), "");
  EXPECT_THAT(keys_of(nowhere), IsEmpty());
  EXPECT_EQ(nowhere.field_count(), 0u);
}

TEST(Schema, ChildIsFieldThenElementThenAnything) {
  TypeRef meta = type_of(Schema::current(), "v1", "Pod").field("metadata");
  EXPECT_EQ(meta.child("name").kind(), TypeKind::kString);
  EXPECT_EQ(meta.field("labels").child("app").kind(), TypeKind::kString);
  EXPECT_FALSE(meta.child("colour"));
  TypeRef fields = meta.field("managedFields").element().field("fieldsV1");
  EXPECT_TRUE(fields.open());
  ASSERT_TRUE(fields.child("f:spec"));
  EXPECT_EQ(fields.child("f:spec").kind(), TypeKind::kAny);
  EXPECT_TRUE(fields.child("f:spec").child("f:replicas"));
}

TEST(Schema, RawExtensionsAreAtomic) {
  TypeRef data = type_of(Schema::current(), "apps/v1", "ControllerRevision").field("data");
  EXPECT_EQ(data.kind(), TypeKind::kAny);
  EXPECT_EQ(data.map_type(), MapType::kAtomic);
}

TEST(Schema, ATypeMayHoldItself) {
  TypeRef spec = type_of(Schema::current(), "apiextensions.k8s.io/v1", "CustomResourceDefinition")
                     .field("spec");
  TypeRef schema = spec.field("versions").element().field("schema").field("openAPIV3Schema");
  EXPECT_TRUE(schema.field("properties"));
  EXPECT_EQ(schema.field("properties").element().field("not"), schema.field("not"));
}

TEST(Schema, KindsAreFoundByGroupVersionAndKind) {
  for (const Schema& schema : {Schema::current(), Schema::kustomize()}) {
    auto deployment = schema.find("apps", "v1", "Deployment");
    ASSERT_TRUE(deployment);
    EXPECT_EQ(deployment->scope, Scope::kNamespaced);
    EXPECT_EQ(schema.find("apps/v1", "Deployment")->type, deployment->type);
    EXPECT_EQ(schema.find("v1", "Namespace")->scope, Scope::kCluster);
    EXPECT_FALSE(schema.find("apps", "v1", "Deploymen"));
    EXPECT_FALSE(schema.find("", "v1", "Deployment"));
    EXPECT_FALSE(schema.find("zzz", "v1", "Deployment"));
  }
}

TEST(Schema, KindsKnowHowTheyAreServed) {
  Schema schema = Schema::current();
  auto deployment = schema.find("apps/v1", "Deployment");
  EXPECT_EQ(deployment->plural, "deployments");
  EXPECT_TRUE(deployment->has_status);
  EXPECT_TRUE(deployment->has_scale);
  auto config_map = schema.find("v1", "ConfigMap");
  EXPECT_EQ(config_map->plural, "configmaps");
  EXPECT_FALSE(config_map->has_status);
  auto list = schema.find("v1", "PodList");
  EXPECT_EQ(list->plural, "");
  EXPECT_EQ(list->scope, Scope::kUnknown);
}

TEST(Schema, ResourcesAreFoundByPlural) {
  Schema schema = Schema::current();
  EXPECT_EQ(schema.find_resource("networking.k8s.io", "v1", "ingresses")->kind, "Ingress");
  EXPECT_EQ(schema.find_resource("", "v1", "pods")->kind, "Pod");
  EXPECT_FALSE(schema.find_resource("apps", "v1", "pods"));
  EXPECT_FALSE(schema.find_resource("", "v1", ""));
}

TEST(Schema, KustomizeKnowsScopesOfKindsWithoutDefinition) {
  auto options = Schema::kustomize().find("v1", "PodExecOptions");
  ASSERT_TRUE(options);
  EXPECT_EQ(options->scope, Scope::kNamespaced);
  EXPECT_EQ(options->type.kind(), TypeKind::kAny);
}

TEST(Schema, TablesAreSmall) {
  EXPECT_LT(Schema::current().bytes(), 128u * 1024);
  EXPECT_LT(Schema::kustomize().bytes(), 128u * 1024);
}

// Searching relies on order, and every index must be within its array.
class Tables : public testing::TestWithParam<const SchemaTable*> {};

TEST_P(Tables, KindsAreSortedAndDistinct) {
  const SchemaTable& table = *GetParam();
  auto key = [&](const KindRecord& k) {
    return std::tuple(table.string(k.group), table.string(k.version), table.string(k.kind));
  };
  for (size_t i = 1; i < table.kinds.size(); ++i) {
    EXPECT_LT(key(table.kinds[i - 1]), key(table.kinds[i]));
  }
}

TEST_P(Tables, FieldsOfATypeAreSortedAndDistinct) {
  const SchemaTable& table = *GetParam();
  for (const TypeRecord& type : table.types) {
    ASSERT_LE(type.first_field + type.field_count, table.fields.size());
    auto fields = table.fields.subspan(type.first_field, type.field_count);
    for (size_t i = 0; i < fields.size(); ++i) {
      EXPECT_EQ(table.string(fields[i].name).size(), fields[i].name_size);
      if (i > 0) {
        EXPECT_LT(table.string(fields[i - 1].name), table.string(fields[i].name));
      }
    }
  }
}

TEST_P(Tables, IndexesAreInRange) {
  const SchemaTable& table = *GetParam();
  for (const TypeRecord& type : table.types) {
    EXPECT_TRUE(type.element == kNoType || type.element < table.types.size());
    EXPECT_LE(type.first_key + type.key_count, table.keys.size());
    EXPECT_LT(type.merge_key, table.text.size());
    EXPECT_LT(type.format, table.text.size());
    EXPECT_EQ(type.kind == TypeKind::kList,
              type.element != kNoType && type.field_count == 0 && type.kind != TypeKind::kObject);
  }
  for (const FieldRecord& field : table.fields) {
    EXPECT_LT(field.type, table.types.size());
    EXPECT_LT(field.default_json, table.text.size());
  }
  for (uint32_t key : table.keys) EXPECT_LT(key, table.text.size());
  for (const KindRecord& kind : table.kinds) EXPECT_LT(kind.type, table.types.size());
}

// Kubernetes 1.21 keyed one list by a field that its items do not have.
TEST(CurrentTable, ListMapKeysAreFieldsOfTheElement) {
  const SchemaTable& table = kCurrentSchema;
  for (const TypeRecord& type : table.types) {
    EXPECT_EQ(type.list_type == ListType::kMap, type.key_count > 0);
    for (uint32_t key : table.keys.subspan(type.first_key, type.key_count)) {
      const TypeRecord& element = table.types[type.element];
      std::set<std::string_view> names;
      for (const auto& field : table.fields.subspan(element.first_field, element.field_count)) {
        names.insert(table.string(field.name));
      }
      EXPECT_TRUE(names.contains(table.string(key))) << table.string(key);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, Tables, testing::Values(&kCurrentSchema, &kKustomizeSchema),
                         [](const auto& info) {
                           return info.index == 0 ? "current" : "kustomize";
                         });

}  // namespace
}  // namespace plumb::object
