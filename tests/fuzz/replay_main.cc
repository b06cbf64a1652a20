// Runs a fuzzer's function over every file of a corpus folder, so that the ordinary tests (and
// their sanitizers) walk what fuzzing has found. Usage: x_fuzz CORPUS_DIRECTORY. An empty or
// missing corpus is a failure: it would test nothing.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <dirent.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s CORPUS_DIRECTORY\n", argv[0]);
    return 2;
  }
  int count = 0;
  DIR* directory = opendir(argv[1]);
  while (const dirent* entry = directory == nullptr ? nullptr : readdir(directory)) {
    if (entry->d_name[0] == '.') continue;
    std::ifstream file(std::string(argv[1]) + '/' + entry->d_name, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    ++count;
  }
  if (directory != nullptr) closedir(directory);
  std::printf("%d inputs from %s\n", count, argv[1]);
  return count > 0 ? 0 : 1;
}
