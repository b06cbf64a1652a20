// Values under the two executors: blocks shared by threads, and deep documents on a fiber's stack.
#include <gtest/gtest.h>

#include "env/simulated_executor.h"
#include "env/thread_executor.h"
#include "object/json.h"
#include "object/yaml.h"

namespace plumb {
namespace {

using object::Value;

// Every thread starts from copies that share all blocks, edits its own, and lets go of the rest.
// Run under ThreadSanitizer this shows that counting the owners orders what they do to a block.
TEST(ValueThreads, ThreadsEditAndDropCopiesOfOneDocument) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 2000;
  const std::string text =
      R"({"metadata":{"labels":{"app":"a text that lives in a block"}},"spec":{"list":[1,[2],3]}})";
  env::ThreadExecutor executor{{.workers = kThreads}};
  std::vector<env::Task> tasks;
  std::vector<std::string> printed(kThreads);
  {
    const Value document = object::parse_json(text).value();
    for (int thread = 0; thread < kThreads; ++thread) {
      auto task = executor.spawn("edit", [copy = document, thread, &printed] {
        for (int round = 0; round < kRounds; ++round) {
          Value mine = copy;
          const Value kept = mine["spec"];
          mine.edit("metadata").edit("labels").set("thread", thread);
          mine.edit("spec").edit("list").edit(1).push_back(mine["metadata"]["labels"]["app"]);
          mine.edit("spec").edit("list").erase(0);
          Value taken = std::move(mine.edit("metadata"));
          EXPECT_EQ(kept, copy["spec"]);
          if (round == kRounds - 1) printed[static_cast<size_t>(thread)] = object::to_json(mine);
        }
      });
      ASSERT_TRUE(task.ok());
      tasks.push_back(std::move(task).value());
    }
  }  // the tasks hold the last copies
  for (const env::Task& task : tasks) {
    ASSERT_TRUE(task.join(env::Context(executor.clock())).ok());
  }
  for (const std::string& one : printed) {
    EXPECT_EQ(one, R"({"metadata":null,"spec":{"list":[[2,"a text that lives in a block"],3]}})");
  }
}

// One owner reads a block and lets go, the other edits it: a copy, or the block itself once it is
// alone. Its writes must come after the reads.
TEST(ValueThreads, AnOwnerThatIsLeftAloneEditsAfterTheOthersReads) {
  constexpr int kRounds = 5000;
  env::ThreadExecutor executor{{.workers = 2}};
  std::vector<Value> first(kRounds);
  for (Value& value : first) value = Value::array({Value::array({"a text of its own block"}), 1});
  std::vector<Value> second = first;
  const auto edit = executor.spawn("edit", [&] {
    for (Value& value : first) value.edit(0).edit(0) = "b";
  });
  const auto drop = executor.spawn("drop", [&] {
    for (Value& value : second) {
      EXPECT_EQ(value.at(0).at(0).as_string(), "a text of its own block");
      value = nullptr;
    }
  });
  ASSERT_TRUE(edit.ok() && drop.ok());
  ASSERT_TRUE(edit->join(env::Context(executor.clock())).ok());
  ASSERT_TRUE(drop->join(env::Context(executor.clock())).ok());
  for (const Value& value : first) ASSERT_EQ(value, Value::array({Value::array({"b"}), 1}));
}

// What the depth limits let in fits the stack of a fiber, in every build.
TEST(ValueStack, TheDeepestDocumentsFitAFiber) {
  constexpr size_t kDepth = 256;
  std::string objects;
  for (size_t i = 0; i < kDepth; ++i) objects += R"({"a":)";
  objects += "null" + std::string(kDepth, '}');
  const std::string arrays = std::string(kDepth, '[') + std::string(kDepth, ']');
  env::SimulatedExecutor executor;
  const auto ran = executor.run("deep", [&] {
    for (const std::string& text : {objects, arrays}) {
      Value value = object::parse_json(text).value();
      EXPECT_EQ(object::to_json(value), text);
      Value other = object::parse_json(object::to_json(value, {.indent = 2})).value();
      EXPECT_EQ(value, other);
      EXPECT_EQ(value.fingerprint(), other.fingerprint());
      EXPECT_EQ(value.heap_bytes(), other.heap_bytes());
      value = nullptr;  // frees every level
      Value read = object::parse_yaml(text).value();
      EXPECT_EQ(object::parse_yaml(object::to_yaml(read)).value(), other);
    }
  });
  EXPECT_TRUE(ran.ok()) << ran.error().text();
}

}  // namespace
}  // namespace plumb
