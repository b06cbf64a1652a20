// Environment variables.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace plumb::env {

class Variables {
 public:
  virtual ~Variables() = default;
  // Nullopt if it is not set; set and empty is a value.
  virtual std::optional<std::string> get(const std::string& name) const = 0;
  // All of them, as a child process that should inherit them is given them.
  virtual std::map<std::string, std::string> all() const = 0;
};

// The process's own. Any thread may read; nothing in the program writes them.
class RealVariables final : public Variables {
 public:
  std::optional<std::string> get(const std::string& name) const override;
  std::map<std::string, std::string> all() const override;
};

class SimulatedVariables final : public Variables {
 public:
  explicit SimulatedVariables(std::map<std::string, std::string> values = {})
      : values_(std::move(values)) {}
  std::optional<std::string> get(const std::string& name) const override;
  std::map<std::string, std::string> all() const override { return values_; }

 private:
  const std::map<std::string, std::string> values_;
};

}  // namespace plumb::env
