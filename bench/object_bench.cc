// Parsing, printing and merging. Each is beside a peer in the same run: the library below ours
// doing less (libyaml's events alone), or another that does the same (Boost.JSON's own values).
// Benchmarks of the Go libraries are in tests/reference; tools/bench puts the rows side by side.
#include <benchmark/benchmark.h>
#include <boost/json/src.hpp>
#include <malloc.h>
#include <yaml.h>

#include "bench/manifests.h"
#include "object/json.h"
#include "object/yaml.h"

namespace plumb::bench {
namespace {

using object::Value;

void count_bytes(benchmark::State& state, size_t bytes) {
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * bytes));
}

void yaml_parse(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(object::parse_yaml_documents(text).value());
  count_bytes(state, text.size());
}

void yaml_emit(benchmark::State& state, const std::string& text) {
  const auto documents = object::parse_yaml_documents(text).value();
  size_t bytes = 0;
  for (auto _ : state) {
    std::string out;
    for (const auto& document : documents) object::append_yaml(out, document.value);
    bytes = out.size();
    benchmark::DoNotOptimize(out);
  }
  count_bytes(state, bytes);
}

// The limit of what is built on libyaml: its events, each thrown away.
void libyaml_events(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    for (bool done = false; !done;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser, &event) == 0) state.SkipWithError("libyaml failed");
      done = event.type == YAML_STREAM_END_EVENT || event.type == YAML_NO_EVENT;
      yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
  }
  count_bytes(state, text.size());
}

void json_parse(benchmark::State& state) {
  const std::string text = deployments_json();
  for (auto _ : state) benchmark::DoNotOptimize(object::parse_json(text).value());
  count_bytes(state, text.size());
}

void json_emit(benchmark::State& state) {
  const Value value = object::parse_json(deployments_json()).value();
  size_t bytes = 0;
  for (auto _ : state) {
    const std::string out = object::to_json(value);
    bytes = out.size();
    benchmark::DoNotOptimize(out.data());
  }
  count_bytes(state, bytes);
}

void boost_json_parse(benchmark::State& state) {
  const std::string text = deployments_json();
  for (auto _ : state) benchmark::DoNotOptimize(boost::json::parse(text));
  count_bytes(state, text.size());
}

// Heap bytes that `make`'s result keeps, as the allocator counts them.
size_t heap_of(auto make) {
  const size_t before = mallinfo2().uordblks;
  const auto kept = make();
  benchmark::DoNotOptimize(&kept);
  return mallinfo2().uordblks - before;
}

// One Deployment: bytes kept by a byte of its YAML text.
void deployment_memory(benchmark::State& state) {
  const std::string yaml = deployment_yaml(7);
  const std::string json = object::to_json(object::parse_yaml(yaml).value());
  for (auto _ : state) {
    state.counters["text"] = static_cast<double>(yaml.size());
    state.counters["value"] =
        static_cast<double>(heap_of([&] { return object::parse_yaml(yaml).value(); }));
    state.counters["boost"] =
        static_cast<double>(heap_of([&] { return boost::json::parse(json); }));
  }
}

void value_copy(benchmark::State& state) {
  const Value value = object::parse_yaml(deployment_yaml(7)).value();
  for (auto _ : state) {
    Value copy = value;
    benchmark::DoNotOptimize(copy);
  }
}

void value_edit_after_copy(benchmark::State& state) {
  const Value value = object::parse_yaml(deployment_yaml(7)).value();
  for (auto _ : state) {
    Value copy = value;
    copy.edit("spec").set("replicas", 5);
    benchmark::DoNotOptimize(copy);
  }
}

BENCHMARK_CAPTURE(yaml_parse, deployments, deployments_yaml());
BENCHMARK_CAPTURE(yaml_parse, definition, definition_yaml());
BENCHMARK_CAPTURE(yaml_parse, config_maps, config_maps_yaml());
BENCHMARK_CAPTURE(libyaml_events, deployments, deployments_yaml());
BENCHMARK_CAPTURE(libyaml_events, definition, definition_yaml());
BENCHMARK_CAPTURE(libyaml_events, config_maps, config_maps_yaml());
BENCHMARK_CAPTURE(yaml_emit, deployments, deployments_yaml());
BENCHMARK_CAPTURE(yaml_emit, definition, definition_yaml());
BENCHMARK_CAPTURE(yaml_emit, config_maps, config_maps_yaml());
BENCHMARK(json_parse);
BENCHMARK(boost_json_parse);
BENCHMARK(json_emit);
BENCHMARK(deployment_memory)->Iterations(1);
BENCHMARK(value_copy);
BENCHMARK(value_edit_after_copy);

}  // namespace
}  // namespace plumb::bench
