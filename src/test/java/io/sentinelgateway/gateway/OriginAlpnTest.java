package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is agreed on with origin servers that speak TLS (RFC 7301), and what is spoken then. */
class OriginAlpnTest {

  @TempDir private Path folder;

  @BeforeEach
  void certificate() throws Exception {
    TlsOrigin.certificate(folder, "good", "127.0.0.1");
  }

  /**
   * @param versions with a space between them; empty for a server without ALPN
   */
  private Http2Origin origin(String versions) throws Exception {
    List<HttpVersion> known =
        versions.isEmpty()
            ? List.of()
            : Arrays.stream(versions.split(" ")).map(HttpVersion::valueOf).toList();
    return Http2Origin.secure(folder, "good", known);
  }

  private GatewayFixture before(Http2Origin origin, String provider, String protocol)
      throws Exception {
    String tls = "tls: {trust: " + folder.resolve("good.crt") + "}";
    return GatewayFixture.start(
        folder,
        provider,
        GatewayFixture.upstream(origin.address(), "protocol: " + protocol, tls)
            + "routes: {all: {forward: {upstream: origin}}}\n");
  }

  @ParameterizedTest
  @CsvSource({
    "jdk, http1, HTTP_2 HTTP_1_1, HTTP_1_1",
    "jdk, http1, '', HTTP_1_1",
    "jdk, http2, HTTP_2 HTTP_1_1, HTTP_2",
    "jdk, http2, HTTP_2, HTTP_2",
    "jdk, auto, HTTP_2 HTTP_1_1, HTTP_2",
    "jdk, auto, HTTP_1_1, HTTP_1_1",
    "jdk, auto, '', HTTP_1_1",
    "boringssl, http1, HTTP_2 HTTP_1_1, HTTP_1_1",
    "boringssl, http1, '', HTTP_1_1",
    "boringssl, http2, HTTP_2 HTTP_1_1, HTTP_2",
    "boringssl, http2, HTTP_2, HTTP_2",
    "boringssl, auto, HTTP_2 HTTP_1_1, HTTP_2",
    "boringssl, auto, HTTP_1_1, HTTP_1_1",
    "boringssl, auto, '', HTTP_1_1"
  })
  void speaksWhatBothEndsKnow(String provider, String protocol, String known, String spoken)
      throws Exception {
    try (Http2Origin origin = origin(known);
        GatewayFixture gateway = before(origin, provider, protocol)) {
      for (int i = 0; i < 5; i++) {
        assertThat(gateway.get("/").body()).isEqualTo(spoken);
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"jdk, HTTP_1_1", "jdk, ''", "boringssl, HTTP_1_1", "boringssl, ''"})
  void sendsNothingWhenTheyDoNotAgree(String provider, String known) throws Exception {
    try (Http2Origin origin = origin(known);
        GatewayFixture gateway = before(origin, provider, "http2")) {
      assertThat(gateway.get("/").body()).contains("\"reason\":\"no_common_protocol\"");
    }
  }

  @Test
  void changesTheProtocolByAReload() throws Exception {
    try (Http2Origin origin = origin("HTTP_2 HTTP_1_1");
        GatewayFixture gateway = before(origin, "auto", "http1")) {
      assertThat(gateway.get("/").body()).isEqualTo("HTTP_1_1");
      gateway.reload(gateway.yaml().replace("protocol: http1", "protocol: http2"));
      assertThat(gateway.get("/").body()).isEqualTo("HTTP_2");
    }
  }
}
