// Texts to measure with: made here, the same in every run, shaped like what repositories hold.
#pragma once

#include <string>

namespace plumb::bench {

// A Deployment as people write it, about 1.1 KB of YAML.
std::string deployment_yaml(int number);
// Many of them in one stream, about 1 MB.
std::string deployments_yaml();
// A CustomResourceDefinition: deep, with long descriptions in prose, about 0.5 MB.
std::string definition_yaml();
// ConfigMaps with files in literal blocks, about 0.5 MB.
std::string config_maps_yaml();
// A list of Deployments as an API server sends it, about 1 MB of compact JSON.
std::string deployments_json();

// A Deployment with some containers, and a strategic merge patch of 4 KB that changes most of them.
std::string merge_original_json();
std::string merge_patch_json();

}  // namespace plumb::bench
