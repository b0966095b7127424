package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.tls.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to origin servers over TLS: who is believed, and what becomes of who is not. */
class OriginTlsTest {

  private static final ScriptedOrigin.Script ECHO = ScriptedOrigin.Peer::echo;

  @TempDir private Path folder;

  @BeforeEach
  void certificates() throws Exception {
    TlsOrigin.certificate(folder, "good", "origin.example", "127.0.0.1");
    TlsOrigin.certificate(folder, "other", "other.example");
  }

  private GatewayFixture gateway(String provider, ScriptedOrigin origin, String... tls)
      throws Exception {
    String settings = "tls: {" + String.join(", ", tls) + "}";
    return GatewayFixture.start(
        folder,
        provider,
        GatewayFixture.upstream(
                origin, settings, "connections: {suspend-after: 0, connect-timeout: 700ms}")
            + "routes: {all: {forward: {upstream: origin}}}\n");
  }

  private String trust(String name) {
    return "trust: " + folder.resolve(name + ".crt");
  }

  private void refuses(GatewayFixture gateway, int status, String reason) throws Exception {
    assertThat(gateway.get("/").status()).isEqualTo(status);
    assertThat(gateway.failures(reason)).isEqualTo(1);
    // Nothing was sent, so that each attempt may be followed by another one.
    assertThat(gateway.metric(connectFailures(reason))).isEqualTo(3);
  }

  private static String connectFailures(String reason) {
    return "sentinel_pool_connect_failures_total{reason=\"" + reason + "\",upstream=\"origin\"}";
  }

  private static double handshakes(GatewayFixture gateway, String version) throws Exception {
    return gateway.metric(
        "sentinel_pool_tls_handshakes_total{upstream=\"origin\",version=\"" + version + "\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void sendsRequestsOverOneConnectionToAnOriginThatItTrusts(String provider) throws Exception {
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", ECHO);
        GatewayFixture gateway = gateway(provider, origin, trust("good"))) {
      for (String target : new String[] {"/a", "/b", "/c"}) {
        assertThat(gateway.get(target).body()).isEqualTo(target);
      }
      assertThat(origin.connections()).isEqualTo(1);
      assertThat(handshakes(gateway, "1.3")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void refusesAnOriginOfAnotherAuthority(String provider) throws Exception {
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", ECHO);
        GatewayFixture gateway = gateway(provider, origin, trust("other"))) {
      refuses(gateway, 502, "upstream_tls_untrusted");
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void refusesWhomThePlatformDoesNotKnow() throws Exception {
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", ECHO);
        GatewayFixture gateway = gateway("auto", origin, "verify: full")) {
      refuses(gateway, 502, "upstream_tls_untrusted");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void refusesACertificateForAnotherName(String provider) throws Exception {
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "other", ECHO);
        GatewayFixture gateway = gateway(provider, origin, trust("other"))) {
      refuses(gateway, 502, "upstream_tls_name_mismatch");
      assertThat(origin.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void looksForTheConfiguredName(String provider) throws Exception {
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "other", ECHO);
        GatewayFixture gateway =
            gateway(provider, origin, trust("other"), "server-name: other.example")) {
      assertThat(gateway.get("/").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void refusesAnExpiredCertificateThoughItIsAmongTheTrustedOnes(String provider) throws Exception {
    Instant longAgo = Instant.now().minus(Duration.ofDays(9));
    TestCertificates.write(folder, "old", longAgo, "127.0.0.1");
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "old", ECHO);
        GatewayFixture gateway = gateway(provider, origin, trust("old"))) {
      refuses(gateway, 502, "upstream_tls_untrusted");
    }
  }

  private String pin(String name) throws Exception {
    try (var in = Files.newInputStream(folder.resolve(name + ".crt"))) {
      byte[] key =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(in)
              .getPublicKey()
              .getEncoded();
      return "pins: [\""
          + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key))
          + "\"]";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void takesNoKeyButThePinnedOnes(String provider) throws Exception {
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", ECHO)) {
      try (GatewayFixture gateway = gateway(provider, origin, trust("good"), pin("other"))) {
        refuses(gateway, 502, "upstream_tls_untrusted");
      }
      try (GatewayFixture gateway = gateway(provider, origin, "verify: none", pin("other"))) {
        refuses(gateway, 502, "upstream_tls_untrusted");
      }
      try (GatewayFixture gateway = gateway(provider, origin, "verify: none", pin("good"))) {
        assertThat(gateway.get("/").status()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void showsItsCertificateToAnOriginThatDemandsOne(String provider) throws Exception {
    TlsOrigin.certificate(folder, "client", "gateway.example");
    String cert = "cert: " + folder.resolve("client.crt");
    String key = "key: " + folder.resolve("client.key");
    try (ScriptedOrigin origin =
        TlsOrigin.start(folder, "good", socket -> socket.setNeedClientAuth(true), ECHO)) {
      try (GatewayFixture gateway = gateway(provider, origin, trust("good"), cert, key)) {
        assertThat(gateway.get("/a").body()).isEqualTo("/a");
      }
      try (GatewayFixture gateway = gateway(provider, origin, trust("good"))) {
        // TLS 1.3: our side of the handshake is over when the origin finds nothing.
        assertThat(gateway.get("/b").status()).isEqualTo(502);
        assertThat(origin.requests()).hasSize(1);
      }
    }
  }

  private static void only12(SSLServerSocket socket) {
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void speaksNoVersionThatItMayNot(String provider) throws Exception {
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", OriginTlsTest::only12, ECHO)) {
      try (GatewayFixture gateway =
          gateway(provider, origin, trust("good"), "min-version: \"1.3\"")) {
        refuses(gateway, 502, "upstream_tls_failed");
      }
      try (GatewayFixture gateway = gateway(provider, origin, trust("good"))) {
        assertThat(gateway.get("/").status()).isEqualTo(200);
        assertThat(handshakes(gateway, "1.2")).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void givesAHandshakeUpThatTakesTooLong(String provider) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedOrigin origin = ScriptedOrigin.start(peer -> peer.await(never));
        GatewayFixture gateway = gateway(provider, origin, trust("good"))) {
      refuses(gateway, 504, "upstream_tls_timeout");
      never.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void refusesAnOriginThatSpeaksInTheClear(String provider) throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> peer.write("HTTP/1.1 400 Bad Request\r\n\r\n").awaitClose());
        GatewayFixture gateway = gateway(provider, origin, trust("good"))) {
      refuses(gateway, 502, "upstream_tls_failed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void survivesAResetWithinTheHandshake(String provider) throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.text(20);
                  peer.reset();
                });
        GatewayFixture gateway = gateway(provider, origin, trust("good"))) {
      refuses(gateway, 502, "upstream_tls_failed");
    }
  }
}
