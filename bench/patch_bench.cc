// Merging and comparing, on parsed values.
#include <benchmark/benchmark.h>

#include "bench/manifests.h"
#include "object/json.h"
#include "object/patch.h"
#include "object/schema.h"
#include "object/strategic_merge.h"

namespace plumb::bench {
namespace {

using object::Value;

Value original() { return object::parse_json(merge_original_json()).value(); }
Value patch() { return object::parse_json(merge_patch_json()).value(); }
object::TypeRef deployment() {
  return object::Schema::current().find("apps/v1", "Deployment")->type;
}

// Applies a patch of 4 KB.
void strategic_merge(benchmark::State& state) {
  const Value before = original();
  const Value changes = patch();
  const object::TypeRef type = deployment();
  for (auto _ : state) {
    benchmark::DoNotOptimize(object::apply_strategic_merge(before, changes, type).value());
  }
}

void strategic_two_way(benchmark::State& state) {
  const Value before = original();
  const object::TypeRef type = deployment();
  const Value after = object::apply_strategic_merge(before, patch(), type).value();
  for (auto _ : state) {
    benchmark::DoNotOptimize(object::create_strategic_patch(before, after, type).value());
  }
}

void json_diff(benchmark::State& state) {
  const Value before = original();
  const Value after = object::apply_strategic_merge(before, patch(), deployment()).value();
  for (auto _ : state) benchmark::DoNotOptimize(object::diff(before, after));
}

BENCHMARK(strategic_merge);
BENCHMARK(strategic_two_way);
BENCHMARK(json_diff);

}  // namespace
}  // namespace plumb::bench
