// A server takes a new certificate without a restart.
#include "http/tls_renewal.h"

#include "http/certificates.h"
#include "http/raw_tls_client.h"
#include "http/test_server.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>

namespace wasmcloud::http {
namespace {

namespace fs = std::filesystem;

class TlsRenewalTest : public ::testing::Test {
 protected:
  ~TlsRenewalTest() override {
    if (renewal_) EXPECT_TRUE(loops_.run_on(0, renewal_->stop()));
    renewal_.reset();
  }

  /// Copies a certificate and its key to where the server finds them.
  void install(const std::string& name, const std::string& folder) {
    fs::create_directories(path(folder));
    for (const char* kind : {".pem", ".key"}) {
      // A rename, as careful writers do.
      fs::copy_file(path(name + kind), path(folder + "/new"), fs::copy_options::overwrite_existing);
      fs::rename(path(folder + "/new"), path(folder + "/tls" + kind));
    }
  }
  std::string path(const std::string& inside) const { return files_.folder().path(inside); }

  /// `between` reading the files and watching them.
  void serve(const std::string& folder, const std::function<void()>& between = nullptr) {
    const TlsServerConfig config = {.certificate_path = path(folder + "/tls.pem"),
                                    .key_path = path(folder + "/tls.key"),
                                    .client_ca_path = {}};
    auto made = TlsRenewal::create(loops_[0], config);
    ASSERT_TRUE(made) << made.error().message();
    renewal_ = std::move(*made);
    ServerOptions options;
    options.tls = renewal_->context();
    server_ = std::make_unique<TestServer>(hello, options, 2);
    if (between) between();
    EXPECT_TRUE(loops_.run_on(0, start()));
  }
  Task<void> start() {
    co_return renewal_->start([this](const std::shared_ptr<const TlsContext>& tls) {
      server_->server().use_tls(tls);
      ++renewed_;
    });
  }

  /// The common name of the certificate that a new connection is shown.
  std::string shown() {
    const RawTlsClient client(server_->port());
    X509* const certificate = SSL_get1_peer_certificate(client.ssl());
    if (certificate == nullptr) return "none";
    std::array<char, 64> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                              name.size());
    X509_free(certificate);
    return name.data();
  }
  bool becomes(const std::string& name) {
    return TestServer::eventually([&] { return shown() == name; });
  }

  Certificates files_;
  LoopThreads loops_{1};
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<TlsRenewal> renewal_;
  std::atomic<int> renewed_ = 0;
};

TEST_F(TlsRenewalTest, TakesFilesThatWereReplaced) {
  install("server", "served");
  serve("served");
  EXPECT_EQ(shown(), "server");
  RawTlsClient open(server_->port());
  install("renewed", "served");
  EXPECT_TRUE(becomes("renewed"));
  // Who was connected stays so.
  ASSERT_TRUE(open.send(kGet));
  EXPECT_EQ(open.receive_until("hello").substr(0, 12), "HTTP/1.1 200");
}

TEST_F(TlsRenewalTest, NoticesWhatChangedBeforeItWatched) {
  install("server", "served");
  serve("served", [this] { install("renewed", "served"); });
  EXPECT_TRUE(becomes("renewed"));
  EXPECT_EQ(renewed_, 1);
}

TEST_F(TlsRenewalTest, TakesALinkThatPointsElsewhere) {
  // As Kubernetes mounts a secret: tls.pem is a link into ..data, itself a link to a folder.
  install("server", "mounted/..first");
  install("renewed", "mounted/..second");
  fs::create_directory_symlink("..first", path("mounted/..data"));
  fs::create_symlink("..data/tls.pem", path("mounted/tls.pem"));
  fs::create_symlink("..data/tls.key", path("mounted/tls.key"));
  serve("mounted");
  EXPECT_EQ(shown(), "server");
  fs::create_directory_symlink("..second", path("mounted/..data_new"));
  fs::rename(path("mounted/..data_new"), path("mounted/..data"));
  EXPECT_TRUE(becomes("renewed"));
}

TEST_F(TlsRenewalTest, KeepsWhatItHasWhenTheFilesAreWrong) {
  install("server", "served");
  serve("served");
  ASSERT_TRUE(write_file(path("served/tls.pem"), "no certificate"));
  fs::remove(path("served/tls.key"));
  // Files that have nothing to do with it are no news.
  ASSERT_TRUE(write_file(path("served/other"), "other"));
  install("client", "served");
  EXPECT_TRUE(becomes("client"));
  // Wrong files were never used, however often they were seen.
  EXPECT_EQ(renewed_, 1);
}

}  // namespace
}  // namespace wasmcloud::http
