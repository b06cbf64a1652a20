#include "object/key.h"

#include <unordered_set>

#include <gtest/gtest.h>

#include "object/yaml.h"

namespace plumb::object {
namespace {

base::Result<Key> key(std::string_view yaml) { return key_of(parse_yaml(yaml).value()); }

TEST(Key, IsGroupKindNamespaceAndName) {
  EXPECT_EQ(key("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}}")
                .value(),
            (Key{"", "apps", "Deployment", "shop", "web"}));
  EXPECT_EQ(key("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}").value(),
            (Key{"", "", "Namespace", "", "shop"}));
}

TEST(Key, DoesNotHoldTheVersion) {
  EXPECT_EQ(
      key("{apiVersion: autoscaling/v2beta2, kind: HorizontalPodAutoscaler, metadata: {name: a}}")
          .value(),
      key("{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}}")
          .value());
}

TEST(Key, PrintsForPeople) {
  EXPECT_EQ((Key{"", "apps", "Deployment", "shop", "web"}).text(), "Deployment.apps shop/web");
  EXPECT_EQ((Key{"edge-7", "", "Namespace", "", "shop"}).text(), "Namespace shop@edge-7");
}

TEST(Key, SaysWhichFieldIsMissingOnWhat) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "a Kubernetes object is a mapping, not of kind array"},
      {"{kind: Pod}", "Pod: apiVersion: apiVersion is missing"},
      {"{apiVersion: v1, metadata: {name: web}}", "object web: kind: kind is missing"},
      {"{apiVersion: v1, kind: Pod, metadata: {name: 7}}",
       "Pod: metadata.name: metadata.name is not a string but integer"},
      {"{apiVersion: v1, kind: Pod, metadata: {name: ''}}",
       "Pod: metadata.name: metadata.name is empty"},
      {"{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: []}}",
       "Pod a: metadata.namespace: metadata.namespace is not a string but array"},
  };
  for (const auto& [yaml, message] : cases) {
    const auto result = key(yaml);
    ASSERT_FALSE(result.ok()) << yaml;
    EXPECT_EQ(result.error().text().substr(0, std::string_view(message).size()), message) << yaml;
  }
}

TEST(Key, HashesByAllItsParts) {
  const std::unordered_set<Key> keys{{"", "", "A", "", "b"},
                                     {"", "", "", "A", "b"},
                                     {"", "", "A", "b", ""},
                                     {"", "", "A", "", "b"}};
  EXPECT_EQ(keys.size(), 3U);
  const Key key{"c", "g", "K", "s", "n"};
  for (const Key& other :
       {Key{"x", "g", "K", "s", "n"}, Key{"c", "x", "K", "s", "n"}, Key{"c", "g", "x", "s", "n"},
        Key{"c", "g", "K", "x", "n"}, Key{"c", "g", "K", "s", "x"}}) {
    EXPECT_NE(std::hash<Key>()(key), std::hash<Key>()(other)) << other.text();
  }
}

TEST(Gvk, SplitsAndJoinsApiVersions) {
  EXPECT_EQ(Gvk::of("v1", "Pod"), (Gvk{"", "v1", "Pod"}));
  EXPECT_EQ(Gvk::of("apps/v1", "Deployment").api_version(), "apps/v1");
  EXPECT_EQ(Gvk::of("v1", "Pod").text(), "v1 Pod");
}

}  // namespace
}  // namespace plumb::object
