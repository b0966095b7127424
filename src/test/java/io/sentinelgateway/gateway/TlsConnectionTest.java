package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over connections to origin servers that speak TLS, and how they end. */
class TlsConnectionTest {

  private static final int LARGE = 20 << 20;

  @TempDir private Path folder;

  @BeforeEach
  void certificates() throws Exception {
    TlsOrigin.certificate(folder, "good", "origin.example", "single", "127.0.0.1");
  }

  private GatewayFixture gateway(String provider, ScriptedOrigin origin, String... settings)
      throws Exception {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "connections: {suspend-after: 0}";
    return GatewayFixture.start(
        folder,
        provider,
        GatewayFixture.upstream(origin, all)
            + "routes: {all: {forward: {upstream: origin, retry: {attempts: 1}}}}\n");
  }

  private String trusting(String... more) {
    String others = more.length == 0 ? "" : ", " + String.join(", ", more);
    return "tls: {trust: " + folder.resolve("good.crt") + others + "}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void carriesMuchContentInBothDirections(String provider) throws Exception {
    byte[] content = new byte[LARGE];
    new java.util.Random(1).nextBytes(content);
    CRC32 sent = new CRC32();
    sent.update(content);
    CRC32 seen = new CRC32();
    ScriptedOrigin.Script script =
        peer -> {
          peer.content(peer.head().orElseThrow(), seen);
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n").write(content);
          peer.echo();
        };
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", script);
        GatewayFixture gateway = gateway(provider, origin, trusting());
        RawClient client = gateway.client()) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + LARGE + "\r\n\r\n");
                  client.send(content);
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      writer.start();
      Answer answer = client.answer();
      writer.join();
      CRC32 got = new CRC32();
      got.update(answer.body().getBytes(ISO_8859_1));
      assertThat(seen.getValue()).isEqualTo(sent.getValue());
      assertThat(got.getValue()).isEqualTo(sent.getValue());
      assertThat(client.get("/again").body()).isEqualTo("/again");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void takesTheEndOfTlsForTheEndOfContentThatHasNoOther(String provider) throws Exception {
    ScriptedOrigin.Script script =
        peer -> {
          peer.request();
          peer.write("HTTP/1.1 200 OK\r\n\r\nall of it");
        };
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", script);
        GatewayFixture gateway = gateway(provider, origin, trusting())) {
      Answer answer = gateway.get("/");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("all of it");
    }
  }

  /** Without close_notify, anybody on the way may have ended the connection. */
  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void noticesThatContentWithoutAnotherEndWasCut(String provider) throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    ScriptedOrigin.Script script =
        peer -> {
          peer.request();
          peer.write("HTTP/1.1 200 OK\r\n\r\nsome of it");
          peer.await(written);
        };
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", script);
        CuttingRelay relay = CuttingRelay.to(origin.port());
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                provider,
                GatewayFixture.upstream("127.0.0.1:" + relay.port(), trusting())
                    + "routes: {all: {forward: {upstream: origin}}}\n");
        RawClient client = gateway.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.chunk()).isEqualTo("some of it");
      relay.cut();
      assertThat(client.untilBroken()).isEmpty();
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("upstream_reset");
      written.countDown();
    }
  }

  @Test
  void leavesAConnectionThatTheOriginEndedAtRest() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    ScriptedOrigin.Script script =
        ScriptedOrigin.Script.first(
            peer -> {
              peer.request();
              peer.write(ScriptedOrigin.sized("first"));
              peer.closeOutput();
              ended.countDown();
              peer.awaitClose();
            });
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", script);
        GatewayFixture gateway = gateway("auto", origin, trusting())) {
      assertThat(gateway.get("/a").body()).isEqualTo("first");
      ended.await();
      Eventually.value(
          () -> gateway.metric("sentinel_pool_closed_total{reason=\"origin\",upstream=\"origin\"}"),
          closed -> closed == 1);
      assertThat(gateway.get("/b").body()).isEqualTo("/b");
    }
  }

  /** A resumed session is as old as the one that it goes on with. */
  @ParameterizedTest
  @CsvSource({"jdk,1.2", "jdk,1.3", "boringssl,1.2", "boringssl,1.3"})
  void resumesSessions(String provider, String version) throws Exception {
    Set<Long> begun = ConcurrentHashMap.newKeySet();
    ScriptedOrigin.Script script =
        peer -> {
          begun.add(peer.tls().getCreationTime());
          peer.request();
          peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
          peer.closeOutput();
          peer.awaitClose();
        };
    String only = "max-version: \"" + version + "\", min-version: \"" + version + '"';
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", script);
        GatewayFixture gateway = gateway(provider, origin, trusting("server-name: single", only))) {
      for (int i = 0; i < 5; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      assertThat(origin.connections()).isEqualTo(5);
      assertThat(begun).hasSize(1);
    }
  }

  private static void asked(SSLServerSocket socket, List<String> names) {
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setSNIMatchers(
        List.of(
            new SNIMatcher(0) {
              @Override
              public boolean matches(SNIServerName name) {
                names.add(new SNIHostName(name.getEncoded()).getAsciiName());
                return true;
              }
            }));
    socket.setSSLParameters(parameters);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void asksForNamesAndNotForAddresses(String provider) throws Exception {
    List<String> names = new CopyOnWriteArrayList<>();
    try (ScriptedOrigin origin =
        TlsOrigin.start(
            folder, "good", socket -> asked(socket, names), ScriptedOrigin.Peer::echo)) {
      for (String name : new String[] {"server-name: origin.example", "server-name: single"}) {
        try (GatewayFixture gateway = gateway(provider, origin, trusting(name))) {
          assertThat(gateway.get("/").status()).isEqualTo(200);
        }
      }
      try (GatewayFixture gateway = gateway(provider, origin, trusting())) {
        assertThat(gateway.get("/").status()).isEqualTo(200);
      }
      assertThat(names).containsExactly("origin.example", "single");
    }
  }

  /** Vert.x mixes such clients up, when they are one (its SslContextManager). */
  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void believingOneUpstreamIsNotBelievingAnotherOfTheSameHost(String provider) throws Exception {
    try (ScriptedOrigin origin = TlsOrigin.start(folder, "good", ScriptedOrigin.Peer::echo);
        GatewayFixture gateway =
            GatewayFixture.start(folder, provider, twoUpstreams(origin.address()))) {
      assertThat(gateway.get("/loose").status()).isEqualTo(200);
      assertThat(gateway.get("/strict").status()).isEqualTo(502);
      assertThat(gateway.get("/loose").status()).isEqualTo(200);
      assertThat(gateway.get("/strict").status()).isEqualTo(502);
    }
  }

  private String twoUpstreams(String address) {
    return """
        upstreams:
          loose: {targets: [{address: "%1$s"}], tls: {verify: none, server-name: a.example}}
          strict:
            targets: [{address: "%1$s"}]
            tls: {trust: %2$s, server-name: a.example}
            connections: {suspend-after: 0}
        routes:
          loose: {match: {path: {prefix: /loose}}, forward: {upstream: loose}}
          strict: {match: {path: {prefix: /strict}}, forward: {upstream: strict}}
        """
        .formatted(address, folder.resolve("good.crt"));
  }
}
