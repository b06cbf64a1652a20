# Writes cli/plumb_version.h, and only if its text changes: run at every build, it costs one git call.
#   cmake -DVERSION=… -DSOURCE=… -DOUTPUT=… -P Version.cmake
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty=+ --exclude=* --abbrev=10
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
#pragma once

namespace plumb::cli {

inline constexpr const char* kVersion = "@VERSION@";
inline constexpr const char* kCommit = "@commit@";

}  // namespace plumb::cli
]] @ONLY)
