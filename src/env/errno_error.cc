#include "env/errno_error.h"

#include <cerrno>
#include <cstring>

namespace plumb::env {
namespace {

base::Code code_of(int number) {
  using base::Code;
  switch (number) {
    case ENOENT: return Code::kNotFound;
    case EEXIST: return Code::kAlreadyExists;
    case EACCES:
    case EPERM:
    case EROFS: return Code::kForbidden;
    case ENOTEMPTY:
    case EBUSY:
    case ETXTBSY: return Code::kConflict;
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
    case EINVAL:
    case EXDEV:
    case ENOEXEC:
    case ENAMETOOLONG: return Code::kInvalid;
    case E2BIG:
    case EFBIG: return Code::kTooLarge;
    case ENOSPC:
    case EDQUOT:
    case EIO:
    case EAGAIN:
    case EMFILE:
    case ENFILE:
    case ENOMEM: return Code::kUnavailable;
    default: return Code::kInternal;
  }
}

}  // namespace

base::Error errno_error(int number, std::string_view doing) {
  const char* text = strerrordesc_np(number);
  std::string message(doing);
  message += ": ";
  message += text != nullptr ? std::string(text) : "error " + std::to_string(number);
  return {code_of(number), std::move(message)};
}

}  // namespace plumb::env
