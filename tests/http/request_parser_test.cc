#include "http/parser_driver.h"

#include <gtest/gtest.h>

#include <ostream>
#include <random>

namespace wasmcloud::http {
namespace {

using namespace std::string_view_literals;

struct Row {
  std::string_view name;
  std::string stream;
  std::vector<std::string> requests = {};
  uint16_t refused = 0;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::string get(std::string_view fields) {
  return fmt::format("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", fields);
}
std::string post(std::string_view fields, std::string_view body) {
  return fmt::format("POST / HTTP/1.1\r\nHost: a\r\n{}\r\n{}", fields, body);
}
std::string chunked(std::string_view body) { return post("Transfer-Encoding: chunked\r\n", body); }
const std::string kChunked = "Transfer-Encoding=chunked";

std::vector<Row> accepted() {
  return {
      {"Minimal", get(""), {"GET a / body="}},
      {"LowerCaseFieldKept", get("X-Thing:  v \t\r\n"), {"GET a / X-Thing=v body="}},
      {"EmptyValue", get("x:\r\n"), {"GET a / x= body="}},
      {"ObsTextInAValue", get("x: \xc3\xa9\r\n"), {"GET a / x=\xc3\xa9 body="}},
      {"EmptyLinesInFront", "\r\n\r\n" + get(""), {"GET a / body="}},
      {"Pipelined", get("") + get("x: 1\r\n"), {"GET a / body=", "GET a / x=1 body="}},
      {"ContentLength",
       post("Content-Length: 5\r\n", "hello"),
       {"POST a / Content-Length=5 body=hello"}},
      {"ContentLengthZero", post("Content-Length: 0\r\n", ""), {"POST a / Content-Length=0 body="}},
      {"PostWithoutABody", post("", ""), {"POST a / body="}},
      {"BodyThenPipelined",
       post("Content-Length: 2\r\n", "hi") + get(""),
       {"POST a / Content-Length=2 body=hi", "GET a / body="}},
      {"Chunked",
       chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
       {"POST a / " + kChunked + " body=hello world"}},
      {"ChunkedUpperCaseHexAndLeadingZeros",
       chunked("000A\r\n0123456789\r\n000\r\n\r\n"),
       {"POST a / " + kChunked + " body=0123456789"}},
      {"ChunkedInAnyCase",
       post("transfer-encoding: CHUNKED\r\n", "0\r\n\r\n"),
       {"POST a / transfer-encoding=CHUNKED body="}},
      {"ChunkExtensions",
       chunked("1;a=b;c=\"d\"\r\nx\r\n0;e\r\n\r\n"),
       {"POST a / " + kChunked + " body=x"}},
      {"Trailers",
       chunked("1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n") + get(""),
       {"POST a / " + kChunked + " body=x trailer:A=b trailer:C=d", "GET a / body="}},
      {"Http10", "GET / HTTP/1.0\r\n\r\n", {"GET  / body= close"}},
      {"Http10KeepAlive",
       "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
       {"GET  / Connection=keep-alive body="}},
      {"Close", get("Connection: foo, Close\r\n"), {"GET a / Connection=foo, Close body= close"}},
      {"ExpectContinue",
       post("Expect: 100-Continue\r\nContent-Length: 1\r\n", "x"),
       {"POST a / Expect=100-Continue Content-Length=1 body=x expects"}},
      {"ExpectWithoutABody",
       get("Expect: 100-continue\r\n"),
       {"GET a / Expect=100-continue body="}},
      {"AbsoluteTarget",
       "GET http://b:81/p?q HTTP/1.1\r\nHost: a\r\n\r\n",
       {"GET b:81 /p?q body="}},
      {"AbsoluteTargetWithoutPath",
       "GET HTTPS://b?q HTTP/1.1\r\nHost: a\r\n\r\n",
       {"GET https:b /?q body="}},
      {"OptionsOfTheServer", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", {"OPTIONS a * body="}},
      {"OptionsOfTheServerAbsolute",
       "OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n",
       {"OPTIONS b * body="}},
      {"Connect", "CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n", {"CONNECT b:443  body="}},
      {"UnregisteredMethod", "FOO / HTTP/1.1\r\nHost: a\r\n\r\n", {"FOO a / body="}},
      {"HostWithPort", "GET / HTTP/1.1\r\nHost: a.b:65535\r\n\r\n", {"GET a.b:65535 / body="}},
      {"HostIpv6", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", {"GET [::1]:80 / body="}},
      {"HostEmpty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", {"GET  / body="}},
      {"BodyAtTheLimit",
       post("Content-Length: 1000\r\n", std::string(1000, 'x')),
       {"POST a / Content-Length=1000 body=" + std::string(1000, 'x')}},
  };
}

/// What two servers might read differently, and plain garbage.
std::vector<Row> refused() {
  return {
      {"Garbage", "\x16\x03\x01\x02\r\n\r\n", {}, 400},
      {"BareLfAfterTheRequestLine", "GET / HTTP/1.1\nHost: a\r\n\r\n", {}, 400},
      {"BareLfAfterAField", get("x: 1\n"), {}, 400},
      {"BareLfAtTheEnd", "GET / HTTP/1.1\r\nHost: a\r\n\n", {}, 400},
      {"BareCrInAValue", get("x: 1\r2\r\n"), {}, 400},
      {"CrlfCr", "GET / HTTP/1.1\r\nHost: a\r\n\rX\r\n\r\n", {}, 400},
      {"NulInAValue", get("x: \0\r\n"sv), {}, 400},
      {"ControlCharacterInAValue", get("x: \x01\r\n"), {}, 400},
      {"DelInAValue", get("x: \x7f\r\n"), {}, 400},
      {"NulInAName", get("x\0: 1\r\n"sv), {}, 400},
      {"SpaceBeforeTheColon", get("x : 1\r\n"), {}, 400},
      {"TabBeforeTheColon", get("Content-Length\t: 1\r\n"), {}, 400},
      {"EmptyName", get(": 1\r\n"), {}, 400},
      {"ControlCharacterInAName", get("x\x01: 1\r\n"), {}, 400},
      {"NameNotAscii", get("x\xc3\xa9: 1\r\n"), {}, 400},
      {"SpaceInAName", get("x y: 1\r\n"), {}, 400},
      {"NameInBrackets", get("Content-Length[]: 1\r\n"), {}, 400},
      {"NoColon", get("x\r\n"), {}, 400},
      {"ObsFold", get("x: 1\r\n 2\r\n"), {}, 400},
      {"ObsFoldOfAnEmptyValue", get("x:\r\n\t2\r\n"), {}, 400},
      {"FoldedFirstField", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", {}, 400},
      {"FoldedTransferEncoding", get("Transfer-Encoding:\r\n chunked\r\n"), {}, 400},
      {"NoHost", "GET / HTTP/1.1\r\n\r\n", {}, 400},
      {"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", {}, 400},
      {"TwoHostsInHttp10", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", {}, 400},
      {"TwoHostsWithAnAbsoluteTarget",
       "GET http://b/ HTTP/1.1\r\nHost: b\r\nhost: c\r\n\r\n",
       {},
       400},
      {"HostMalformedWithAnAbsoluteTarget", "GET http://b/ HTTP/1.1\r\nHost: c/d\r\n\r\n", {}, 400},
      {"NoHostWithAnAbsoluteTarget", "GET http://b/ HTTP/1.1\r\n\r\n", {}, 400},
      {"HostWithASlash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", {}, 400},
      {"HostWithUserInfo", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", {}, 400},
      {"HostList", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", {}, 400},
      {"HostPortTooLarge", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", {}, 400},
      {"HostPortNoNumber", "GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", {}, 400},
      {"ContentLengthAndChunked",
       post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
       {},
       400},
      {"ChunkedAndContentLength",
       post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"),
       {},
       400},
      {"TwoContentLengths", post("Content-Length: 1\r\nContent-Length: 2\r\n", "x"), {}, 400},
      {"TheSameContentLengthTwice",
       post("Content-Length: 1\r\nContent-Length: 1\r\n", "x"),
       {},
       400},
      {"ContentLengthList", post("Content-Length: 1, 1\r\n", "x"), {}, 400},
      {"ContentLengthSigned", post("Content-Length: +1\r\n", "x"), {}, 400},
      {"ContentLengthNegative", post("Content-Length: -1\r\n", "x"), {}, 400},
      {"ContentLengthHex", post("Content-Length: 0x1\r\n", "x"), {}, 400},
      {"ContentLengthEmpty", post("Content-Length:\r\n", "x"), {}, 400},
      {"ContentLengthWithASpace", post("Content-Length: 1 1\r\n", "x"), {}, 400},
      {"ContentLengthOverflow", post("Content-Length: 18446744073709551616\r\n", "x"), {}, 400},
      {"ContentLengthAWord", post("Content-Length: one\r\n", "x"), {}, 400},
      {"ContentLengthWithAFraction", post("Content-Length: 1.0\r\n", "x"), {}, 400},
      {"ContentLengthWithAnExponent", post("Content-Length: 1e1\r\n", "0123456789"), {}, 400},
      {"ContentLengthWithASeparator", post("Content-Length: 1_0\r\n", "0123456789"), {}, 400},
      {"ContentLengthWithAComma", post("Content-Length: 1,\r\n", "x"), {}, 400},
      {"ContentLengthQuoted", post("Content-Length: \"1\"\r\n", "x"), {}, 400},
      {"ContentLengthWithAVerticalTab",
       post("Content-Length: \x0b"
            "1\r\n",
            "x"),
       {},
       400},
      {"ContentLengthInOtherDigits", post("Content-Length: \xd9\xa1\r\n", "x"), {}, 400},
      {"ContentLengthTwiceInOtherCase",
       post("Content-Length: 1\r\ncontent-length: 2\r\n", "xy"),
       {},
       400},
      {"ContentLengthAndNearlyChunked",
       post("Content-Length: 5\r\nTransfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"),
       {},
       400},
      {"ContentLengthOverTheLimit", post("Content-Length: 1001\r\n", ""), {}, 413},
      {"ChunkedNotLast", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), {}, 400},
      {"OtherCoding", post("Transfer-Encoding: gzip\r\n", ""), {}, 400},
      {"Identity", post("Transfer-Encoding: identity\r\n", ""), {}, 400},
      {"NearlyChunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), {}, 400},
      {"ChunkedWithAVerticalTab",
       post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            "0\r\n\r\n"),
       {},
       400},
      {"ChunkedQuoted", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), {}, 400},
      {"ChunkedWithAParameter", post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), {}, 400},
      {"ChunkedWithNul",
       post(std::string_view("Transfer-Encoding: chunked\0\r\n", 29), "0\r\n\r\n"),
       {},
       400},
      {"ChunkedBehindABareCr", post("Transfer-Encoding:\rchunked\r\n", "0\r\n\r\n"), {}, 400},
      {"ChunkedTwice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), {}, 501},
      {"CodedAndChunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), {}, 501},
      {"TwoTransferEncodings",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
       {},
       400},
      {"TransferEncodingEmpty", post("Transfer-Encoding:\r\n", ""), {}, 400},
      {"ChunkedInHttp10",
       "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       {},
       400},
      {"ChunkSizeNoNumber", chunked("x\r\n"), {}, 400},
      {"ChunkSizeEmpty", chunked("\r\n0\r\n\r\n"), {}, 400},
      {"ChunkSizeNegative", chunked("-1\r\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkSizeWithPrefix", chunked("0x1\r\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkSizeSpaceInFront", chunked(" 1\r\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkSizeWithASpaceBehind", chunked("1 \r\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkSizeWithATabBehind", chunked("1\t\r\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkSizeWithASeparator", chunked("1_0\r\n0123456789abcdef\r\n0\r\n\r\n"), {}, 400},
      {"ChunkSizeSigned", chunked("+1\r\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkSizeWithNul", chunked(std::string("1\0\r\nx\r\n0\r\n\r\n"sv)), {}, 400},
      {"ChunkSizeOverflow", chunked("10000000000000001\r\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkOverTheLimit", chunked("3e9\r\n"), {}, 413},
      {"ChunkLineBareLf", chunked("1\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkLineBareCr", chunked("1\rx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkWithoutItsCrlf", chunked("1\r\nxy\r\n0\r\n\r\n"), {}, 400},
      {"ChunkEndsInLf", chunked("1\r\nx\n0\r\n\r\n"), {}, 400},
      {"ChunkExtensionWithLf", chunked("1;a=\"\n\"\r\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkExtensionWithNul", chunked(std::string("1;a=\"\0\"\r\nx\r\n0\r\n\r\n"sv)), {}, 400},
      {"ChunkExtensionMalformed", chunked("1;=\r\nx\r\n0\r\n\r\n"), {}, 400},
      {"ChunkExtensionTooLong",
       chunked("1;" + std::string(300, 'a') + "\r\nx\r\n0\r\n\r\n"),
       {},
       400},
      {"ChunkLineWithoutEnd", chunked("1;" + std::string(800, 'a')), {}, 431},
      {"ChunkSizeOfManyZeros", chunked(std::string(17, '0') + "1\r\nx\r\n0\r\n\r\n"), {}, 400},
      {"LastChunkWithLf", chunked("0\n\r\n\r\n"), {}, 400},
      {"TrailerFolded", chunked("0\r\nA: b\r\n c\r\n\r\n"), {}, 400},
      {"TrailerFoldedFromEmpty", chunked("0\r\nA:\r\n c\r\n\r\n"), {}, 400},
      {"TrailerBareLf", chunked("0\r\nA: b\nC: d\r\n\r\n"), {}, 400},
      {"TrailerContentLength", chunked("0\r\nContent-Length: 1\r\n\r\n"), {}, 400},
      {"TrailerTransferEncoding", chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"), {}, 400},
      {"TrailerHost", chunked("0\r\nHost: b\r\n\r\n"), {}, 400},
      {"TrailersWithoutEnd", chunked("0\r\n" + std::string(800, 'a')), {}, 431},
      {"TrailersTooLong", chunked("0\r\na: " + std::string(600, 'a') + "\r\n\r\n"), {}, 431},
      {"TrailersTooMany",
       chunked("0\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\n\r\n"),
       {},
       431},
      {"OtherExpectation", get("Expect: the-unexpected\r\n"), {}, 417},
      {"RequestLineTooLong", "GET /" + std::string(300, 'a') + " HTTP/1.1\r\n", {}, 414},
      {"RequestLineWithoutEnd", "GET /" + std::string(300, 'a'), {}, 414},
      {"HeadersTooLong", get("x: " + std::string(600, 'a') + "\r\n"), {}, 431},
      {"HeadersWithoutEnd", "GET / HTTP/1.1\r\n" + std::string(600, 'a'), {}, 431},
      {"HeadersTooMany", get("a:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\n"), {}, 431},
      {"Http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {}, 505},
      {"Http09", "GET /\r\n\r\n", {}, 400},
      {"Http12", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", {}, 505},
      {"VersionMalformed", "GET / HTTP/1.1x\r\nHost: a\r\n\r\n", {}, 400},
      {"VersionLowerCase", "GET / http/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"VersionTwoDigits", "GET / HTTP/01.1\r\nHost: a\r\n\r\n", {}, 400},
      {"SpaceInTheTarget", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"TwoSpaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"TabForSpace", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"Fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"TargetNotAscii", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"TargetWithNul", std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"sv), {}, 400},
      {"TargetRelative", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"TargetOfAnotherScheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"TargetWithUserInfo", "GET http://u@b/ HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"TargetWithoutHost", "GET http:///p HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"AsteriskForGet", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"ConnectToAPath", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"MethodMalformed", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"MethodEmpty", " / HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"SecondRequestIsGarbage", get("") + "@@@\r\n\r\n", {"GET a / body="}, 400},
  };
}

class RequestParser : public testing::TestWithParam<Row> {
 protected:
  static void expect(const Row& row, const Transcript& seen) {
    EXPECT_EQ(seen.refused, row.refused) << seen.reason;
    EXPECT_EQ(seen.requests, row.requests) << seen.reason;
    if (row.refused == 0) EXPECT_FALSE(seen.open);
  }
};

TEST_P(RequestParser, ReadsAStreamWhole) { expect(GetParam(), parse_whole(GetParam().stream)); }

TEST_P(RequestParser, ReadsAStreamByteByByte) {
  expect(GetParam(), parse_by_bytes(GetParam().stream));
}

TEST_P(RequestParser, ReadsAStreamCutAtRandom) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    expect(GetParam(), parse_stream(GetParam().stream, [&](size_t left) {
             return std::uniform_int_distribution<size_t>(1, left)(random);
           }));
  }
}

std::string name_of_row(const testing::TestParamInfo<Row>& info) {
  return std::string(info.param.name);
}
INSTANTIATE_TEST_SUITE_P(Accepts, RequestParser, testing::ValuesIn(accepted()), name_of_row);
INSTANTIATE_TEST_SUITE_P(Refuses, RequestParser, testing::ValuesIn(refused()), name_of_row);

}  // namespace
}  // namespace wasmcloud::http
