#include "env/http_message.h"

#include "base/hash.h"
#include "base/text.h"

namespace plumb::env {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

void HttpHeaders::add(std::string name, std::string value) {
  fields_.push_back({std::move(name), std::move(value)});
}

void HttpHeaders::set(std::string name, std::string value) {
  remove(name);
  add(std::move(name), std::move(value));
}

void HttpHeaders::remove(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return same_name(field.name, name); });
}

std::optional<std::string_view> HttpHeaders::get(std::string_view name) const {
  const auto found = std::ranges::find_if(
      fields_, [&](const Field& field) { return same_name(field.name, name); });
  if (found == fields_.end()) return std::nullopt;
  return found->value;
}

std::vector<std::string> HttpHeaders::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const Field& field : fields_) {
    if (same_name(field.name, name)) values.push_back(field.value);
  }
  return values;
}

std::string bearer_authorization(std::string_view token) { return "Bearer " + std::string(token); }

std::string basic_authorization(std::string_view user, std::string_view password) {
  return "Basic " + base::base64_encode(std::string(user) + ":" + std::string(password));
}

HttpTls::HttpTls(Options options) : options_(std::move(options)) {
  base::Sha256 hash;
  // Each part with its length, so that no two different options read alike.
  for (const std::string* part :
       {&options_.ca_pem, &options_.certificate_pem, &options_.key_pem, &options_.server_name}) {
    hash.update(std::to_string(part->size()) + ":");
    hash.update(*part);
  }
  hash.update(options_.insecure ? "insecure" : "");
  digest_ = base::to_hex(hash.finish());
}

}  // namespace plumb::env
