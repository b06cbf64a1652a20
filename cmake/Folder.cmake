# plumb_folder(NAME LINK target... LIBRARIES lib... TEST_LIBRARIES lib...)
#
# One folder of src/ is one library `plumb_NAME`, one test binary `NAME_test`, and one program for
# each `*_fuzz.cc`. Files are found, not listed, so that no test can be forgotten; the layer check
# compares what is there with what is built all the same.
include(GoogleTest)

# The precompiled header lives in one target; every other target of the tree reuses it.
function(plumb_use_pch target)
  if(TARGET plumb_pch)
    target_precompile_headers(${target} REUSE_FROM plumb_pch)
  endif()
endfunction()

function(plumb_folder name)
  cmake_parse_arguments(ARG "" "" "LINK;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  set(dir ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(fuzzers ${sources})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cc$")

  if(NOT sources)
    return()
  endif()
  add_library(plumb_${name} STATIC ${sources})
  target_include_directories(plumb_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ARG_LINK PREPEND plumb_)
  target_link_libraries(plumb_${name} PUBLIC ${ARG_LINK} PRIVATE ${ARG_LIBRARIES})
  plumb_use_pch(plumb_${name})

  if(tests)
    plumb_test(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE plumb_${name} ${ARG_LIBRARIES} ${ARG_TEST_LIBRARIES})
  endif()
  foreach(source ${fuzzers})
    plumb_fuzzer(${source} plumb_${name})
  endforeach()
endfunction()

# A gtest binary; ctest runs each of its cases by name, labelled with the folder's.
function(plumb_test target)
  add_executable(${target} ${ARGN})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_compile_definitions(${target} PRIVATE PLUMB_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE GTest::gmock GTest::gtest_main)
  plumb_use_pch(${target})
  string(REGEX REPLACE "_test$" "" label ${target})
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300 LABELS ${label})
endfunction()

# x_fuzz.cc defines LLVMFuzzerTestOneInput. Ordinarily it is linked to a driver that replays its
# corpus, testdata/fuzz/x/, as a test; with PLUMB_FUZZ it explores under libFuzzer.
function(plumb_fuzzer source library)
  get_filename_component(target ${source} NAME_WE)
  get_filename_component(dir ${source} DIRECTORY)
  string(REGEX REPLACE "_fuzz$" "" name ${target})
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE ${library})
  plumb_use_pch(${target})
  if(PLUMB_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cc)
    add_test(NAME fuzz.${name} COMMAND ${target} ${dir}/testdata/fuzz/${name})
    set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 300)
  endif()
endfunction()
