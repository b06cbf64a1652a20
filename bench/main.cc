// plumb_bench [google-benchmark flags]: runs the benchmarks.
// plumb_bench corpora DIR: writes the texts they use, for the peers that are measured beside them.
#include <fstream>
#include <string_view>

#include <benchmark/benchmark.h>

#include "bench/manifests.h"

int main(int argc, char** argv) {
  using namespace plumb::bench;
  if (argc == 3 && std::string_view(argv[1]) == "corpora") {
    const std::string dir = argv[2];
    std::ofstream(dir + "/deployments.yaml") << deployments_yaml();
    std::ofstream(dir + "/definition.yaml") << definition_yaml();
    std::ofstream(dir + "/config_maps.yaml") << config_maps_yaml();
    std::ofstream(dir + "/deployments.json") << deployments_json();
    std::ofstream(dir + "/merge_original.json") << merge_original_json();
    std::ofstream(dir + "/merge_patch.json") << merge_patch_json();
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
