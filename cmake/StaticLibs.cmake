# The libraries of the distribution build (PLUMB_STATIC), under the names that the ordinary build
# uses: libcurl and libgit2 from tools/static-libs, Debian's archives for the rest, headers for those
# that Debian ships without an archive (fmt, spdlog).
#
# Include it before the find_package calls. It defines CURL::libcurl, LibGit2::libgit2, fmt::fmt and
# spdlog::spdlog, makes later searches find archives only, and links every program statically.
execute_process(
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/../tools/static-libs
  OUTPUT_VARIABLE STATIC_LIBS_PREFIX OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)

set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(OPENSSL_USE_STATIC_LIBS ON)
set(ZLIB_USE_STATIC_LIBS ON)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
find_library(NGHTTP2_ARCHIVE nghttp2 REQUIRED)
find_library(HTTP_PARSER_ARCHIVE http_parser REQUIRED)

# static_archive(TARGET FILE LINKS lib...)
function(static_archive target file)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION ${STATIC_LIBS_PREFIX}/lib/${file}
    INTERFACE_INCLUDE_DIRECTORIES ${STATIC_LIBS_PREFIX}/include
    INTERFACE_LINK_LIBRARIES "${ARG_LINKS}")
endfunction()

static_archive(CURL::libcurl libcurl.a
  LINKS ${NGHTTP2_ARCHIVE} OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads)
static_archive(LibGit2::libgit2 libgit2.a
  LINKS ${HTTP_PARSER_ARCHIVE} ZLIB::ZLIB Threads::Threads)

add_library(fmt::fmt INTERFACE IMPORTED GLOBAL)
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)
add_library(spdlog::spdlog INTERFACE IMPORTED GLOBAL)
target_compile_definitions(spdlog::spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
target_link_libraries(spdlog::spdlog INTERFACE fmt::fmt)

# GNU ld warns that getaddrinfo and its kin load plugins of the host's glibc. Ours do not: main()
# limits them to files and DNS, which are built in (src/main/static_libc.h). tools/dist lets exactly
# these warnings pass.
add_compile_definitions(PLUMB_STATIC)
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-static -Wl,--gc-sections -s)
