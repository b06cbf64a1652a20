// What Kubernetes lets things be called. Each check gives what is wrong, in kube-apiserver's own
// words (k8s.io/apimachinery/pkg/api/validate/content), or nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumb::object {

// [prefix/]name: label and annotation keys, and "qualified names" elsewhere.
std::vector<std::string> label_key_problems(std::string_view key);

// Up to 63 characters, or nothing at all.
std::vector<std::string> label_value_problems(std::string_view value);

// Lower-case letters, digits and '-': namespaces, most names that become host names.
std::vector<std::string> dns_label_problems(std::string_view name);

// Labels joined by dots, up to 253 bytes: most object names, CRD groups.
std::vector<std::string> dns_subdomain_problems(std::string_view name);

}  // namespace plumb::object
