# Read by ctest after the tests are discovered: the conformance tests ask the reference tool.
foreach(test IN LISTS conformance_test_TESTS)
  set_tests_properties(${test} PROPERTIES FIXTURES_REQUIRED reference)
endforeach()
