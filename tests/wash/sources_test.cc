#include "wash/config/sources.h"

#include "support/golden.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

class SourcesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("project/.git/HEAD", "");
    project_ = folder_.path("project");
  }

  std::string write(const std::string& name, const std::string& text, mode_t mode = 0644) {
    std::string path = folder_.write("project/" + name, text);
    ::chmod(path.c_str(), mode);
    return path;
  }

  SourceSection source(const std::string& name) {
    SourceSection out;
    out.name = name;
    return out;
  }

  /// "A=1 B=2", secrets with a star; or the error.
  std::string resolved(EnvironmentLayer layer) {
    ResolvedEnvironment out;
    const Sources sources(config_, project_, {{"HOME", folder_.path("home")}, {"TOKEN", "t0k"}});
    if (auto done = sources.apply(layer, "workload", out); !done) {
      std::string text = done.error().message();
      testing::replace_all(text, folder_.path(), "$DIR");
      return text;
    }
    std::string text;
    for (const auto& [name, value] : out.plain) text += fmt::format("{}={} ", name, value);
    for (const auto& [name, value] : out.secret)
      text += fmt::format("*{}={} ", name, value.reveal());
    return text;
  }

  static EnvironmentLayer from_config(const std::string& name) {
    return {.config = {}, .config_from = {{.name = name, .origin = origin()}}, .secret_from = {}};
  }
  static EnvironmentLayer from_secret(const std::string& name) {
    return {.config = {}, .config_from = {}, .secret_from = {{.name = name, .origin = origin()}}};
  }
  static Origin origin() {
    return {.source = std::make_shared<const std::string>("c.yaml"), .line = 3, .column = 7};
  }

  testing::TemporaryFolder folder_;
  std::string project_;
  Config config_;
};

TEST_F(SourcesTest, LaterMembersAndLayersAreOverEarlierOnes) {
  write("a.env", "# a comment\n\n B = file \nC=x=y\nTOKEN=file\n");
  write("dir/C", "dir\n");
  write("dir/.hidden", "no");
  write("dir/sub/D", "no");
  SourceSection& section = config_.configs.emplace_back(source("base"));
  section.inlined = {{"A", SharedSecret("inline")}, {"B", SharedSecret("inline")}};
  section.file = "a.env";
  section.dir = "dir";
  section.from_environment = {"TOKEN"};
  EXPECT_EQ(resolved(from_config("base")), "A=inline B=file C=dir\n TOKEN=t0k ");

  SourceSection& secret = config_.secrets.emplace_back(source("keys"));
  secret.inlined = {{"A", SharedSecret("hidden")}};
  EnvironmentLayer layer = from_config("base");
  layer.config = {{"Z", "own"}, {"A", "own"}};
  layer.secret_from = {{.name = "keys", .origin = origin()}};
  EXPECT_EQ(resolved(layer), "Z=own B=file C=dir\n TOKEN=t0k *A=hidden ");
}

TEST_F(SourcesTest, AVariableThatIsNotSetIsAnError) {
  config_.configs.emplace_back(source("base")).from_environment = {"NOT_SET"};
  EXPECT_EQ(resolved(from_config("base")),
            "c.yaml:3:7: workload.environment.configFrom: configs.base.fromEnv: the environment "
            "variable NOT_SET is not set; set it before wash is started, or leave it out");
}

TEST_F(SourcesTest, ALineThatIsNoneIsNamedAndNotShown) {
  write("a.env", "A=1\nhidden\n");
  config_.configs.emplace_back(source("base")).file = "a.env";
  EXPECT_EQ(resolved(from_config("base")),
            "c.yaml:3:7: workload.environment.configFrom: configs.base.file: "
            "$DIR/project/a.env:2: expected KEY=VALUE, or a comment that begins with #");
}

TEST_F(SourcesTest, NothingRelativeLeavesTheProject) {
  folder_.write("outside.env", "A=1\n");
  config_.configs.emplace_back(source("up")).file = "../outside.env";
  EXPECT_EQ(resolved(from_config("up")),
            "c.yaml:3:7: workload.environment.configFrom: configs.up.file: ../outside.env leads "
            "out of the project, to $DIR/outside.env; put it inside, or write an absolute path");
  fs::create_symlink(folder_.path("outside.env"), project_ + "/link.env");
  config_.configs.emplace_back(source("link")).file = "link.env";
  EXPECT_EQ(resolved(from_config("link")),
            "c.yaml:3:7: workload.environment.configFrom: configs.link.file: link.env leads out of "
            "the project, to $DIR/outside.env; put it inside, or write an absolute path");
  config_.configs.emplace_back(source("named")).file = folder_.path("outside.env");
  EXPECT_EQ(resolved(from_config("named")), "A=1 ");
  folder_.write("home/own.env", "H=1\n");
  config_.configs.emplace_back(source("home")).file = "~/own.env";
  EXPECT_EQ(resolved(from_config("home")), "H=1 ");
}

TEST_F(SourcesTest, AFolderOfValuesIsNotLeftByLinks) {
  write("dir/A", "1");
  write("values/B", "2");
  fs::create_symlink("../values/B", project_ + "/dir/B");
  config_.configs.emplace_back(source("base")).dir = "dir";
  EXPECT_EQ(resolved(from_config("base")),
            "c.yaml:3:7: workload.environment.configFrom: configs.base.dir: $DIR/project/dir/B "
            "leads out of the folder, to $DIR/project/values/B; put the file itself there");
}

TEST_F(SourcesTest, ASecretsFileIsItsOwnersAlone) {
  write(".gitignore", ".env\n");
  config_.secrets.emplace_back(source("keys")).file = ".env";
  for (const mode_t mode : {0644, 0640, 0666, 0700}) {
    write(".env", "A=hidden\n", mode);
    EXPECT_EQ(resolved(from_secret("keys")),
              fmt::format("c.yaml:3:7: workload.environment.secretFrom: secrets.keys.file: "
                          "$DIR/project/.env has the mode {:04o}, so it may be open to others; a "
                          "secret's file must be its owner's alone: run 'chmod 600 "
                          "$DIR/project/.env'",
                          mode));
  }
  for (const mode_t mode : {0600, 0400}) {
    fs::remove(project_ + "/.env");
    write(".env", "A=hidden\n", mode);
    EXPECT_EQ(resolved(from_secret("keys")), "*A=hidden ");
  }
}

TEST_F(SourcesTest, ASecretsFileMustBeIgnoredByVersionControl) {
  write(".env", "A=hidden\n", 0600);
  write("keys/B", "hidden", 0600);
  config_.secrets.emplace_back(source("file")).file = ".env";
  config_.secrets.emplace_back(source("dir")).dir = "keys";
  EXPECT_EQ(resolved(from_secret("file")),
            "c.yaml:3:7: workload.environment.secretFrom: secrets.file.file: $DIR/project/.env "
            "holds secrets, and version control does not ignore it; add the line '/.env' to "
            "$DIR/project/.gitignore");
  EXPECT_EQ(resolved(from_secret("dir")),
            "c.yaml:3:7: workload.environment.secretFrom: secrets.dir.dir: $DIR/project/keys/B "
            "holds secrets, and version control does not ignore it; add the line '/keys/B' to "
            "$DIR/project/.gitignore");
  write(".gitignore", "/.env\nkeys/\n");
  EXPECT_EQ(resolved(from_secret("file")), "*A=hidden ");
  EXPECT_EQ(resolved(from_secret("dir")), "*B=hidden ");
  fs::remove(project_ + "/.gitignore");
  fs::remove_all(project_ + "/.git");
  EXPECT_EQ(resolved(from_secret("file")), "*A=hidden ");
}

}  // namespace
}  // namespace wasmcloud::wash
