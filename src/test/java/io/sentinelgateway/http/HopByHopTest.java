package io.sentinelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "keep-alive",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "UPGRADE",
        "HTTP2-Settings",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Proxy-Authentication-Info"
      })
  void knowsWhatEndsHere(String name) {
    assertThat(HopByHop.is(name)).isTrue();
    assertThat(HopByHop.is(new AsciiString(name))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Host", "Content-Length", "Via", "Cookie", "Trailers", "Authorization", "XE", ""})
  void letsOthersPass(String name) {
    assertThat(HopByHop.is(name)).isFalse();
  }

  @Test
  void copiesWhatIsMeantForTheOtherSide() {
    MultiMap from = MultiMap.caseInsensitiveMultiMap();
    from.add("Host", "a").add("Connection", "close, X-Secret, Content-Length");
    from.add("X-Secret", "1").add("x-secret", "2").add("Content-Length", "3");
    from.add("Cookie", "a=1").add("Cookie", "b=2").add("Keep-Alive", "5");
    MultiMap to = MultiMap.caseInsensitiveMultiMap().add("Via", "1.1 x");
    HopByHop.copyEndToEnd(from, to, ConnectionOptions.of(from));
    assertThat(to.entries())
        .extracting(Object::toString)
        .containsExactly("Via=1.1 x", "Host=a", "Content-Length=3", "Cookie=a=1", "Cookie=b=2");
  }

  @Test
  void sharesTheUsualConnectionOptions() {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    assertThat(ConnectionOptions.of(fields)).isSameAs(ConnectionOptions.NONE);
    assertThat(ConnectionOptions.of("Keep-Alive")).isSameAs(ConnectionOptions.of("keep-alive"));
    assertThat(ConnectionOptions.of("close")).isSameAs(ConnectionOptions.of("Close"));
    assertThat(ConnectionOptions.of(" , ,")).isSameAs(ConnectionOptions.NONE);
  }

  @Test
  void readsOptionsOfAllLines() {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    fields.add("Connection", "Upgrade").add("connection", " keep-alive ,X-A");
    ConnectionOptions options = ConnectionOptions.of(fields);
    assertThat(options.upgrade()).isTrue();
    assertThat(options.keepAlive()).isTrue();
    assertThat(options.close()).isFalse();
    assertThat(options.removes("x-a")).isTrue();
    assertThat(options.removes("upgrade")).isFalse();
  }

  @Test
  void removesNamedFieldsButNotThoseThatFrameTheMessage() {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    fields.add("Host", "a").add("Content-Length", "1").add("X-User", "me");
    fields.add("Connection", "x-user, host, content-length, close");
    ConnectionOptions.of(fields).removeNamed(fields);
    assertThat(fields.names()).containsExactlyInAnyOrder("Connection", "Content-Length", "Host");
  }

  @Test
  void leavesTheFramingToBeJudged() {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    fields.add("Host", "a").add("Content-Length", "1").add("Transfer-Encoding", "chunked");
    fields.add("Connection", "transfer-encoding, Content-Length");
    ConnectionOptions.of(fields).removeNamed(fields);
    assertThat(RequestRules.http1("POST", true, fields, 9).detail())
        .isEqualTo("Content-Length and Transfer-Encoding together");
  }

  @Test
  void boundsTheNumberOfOptions() {
    ConnectionOptions options = ConnectionOptions.of("a,".repeat(100) + "x-last");
    assertThat(options.removes("a")).isTrue();
    assertThat(options.removes("x-last")).isFalse();
  }

  @Test
  void acceptsTrailersOnlyWhenNothingElseIsAsked() {
    assertThat(HopByHop.acceptsTrailers("Trailers")).isTrue();
    assertThat(HopByHop.acceptsTrailers("trailers, gzip")).isFalse();
    assertThat(HopByHop.acceptsTrailers("")).isFalse();
  }
}
