package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sentinelgateway.FreePort;
import io.sentinelgateway.bus.Topics.ReloadOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on real sockets, by BoringSSL and by the JDK. */
class TlsListenerTest {

  private static final String HANDSHAKES = "sentinel_tls_handshakes_total{listener=\"web\"}";

  /** A ClientHello that offers TLS 1.1 and nothing above. */
  private static final byte[] OLD_HELLO =
      HexFormat.of()
          .parseHex("160301002f0100002b0302" + "00".repeat(32) + "00" + "0004c013002f" + "0100");

  @TempDir private Path folder;

  @BeforeEach
  void makeCertificates() throws IOException {
    Tls.certificate(folder, "shop", "shop.example", "www.shop.example");
    Tls.certificate(folder, "wild", "*.wild.example");
    Tls.certificate(folder, "first", "first.example");
  }

  /**
   * @param settings of the listener, after its certificates
   */
  private String yaml(String provider, String settings, String routes) {
    return Running.HEAD.replace("instances: 2", "instances: 2, tls-provider: " + provider)
        + "listeners:\n  web: {address: \"127.0.0.1:0\", tls: {certificates: ["
        + String.join(
            ", ",
            Tls.item(folder, "first"),
            Tls.item(folder, "shop"),
            Tls.item(folder, "wild").replace("}", ", names: [extra.example]}"))
        + "]"
        + settings
        + "}\nroutes:\n"
        + routes;
  }

  private String yaml(String provider) {
    return yaml(provider, "}", "  ok: {respond: {status: 200, body: ok}}\n");
  }

  private static double failures(Running running, String reason) {
    return running.metric(
        "sentinel_tls_handshake_failures_total{listener=\"web\",reason=\"" + reason + "\"}");
  }

  private static void eventuallyFailed(Running running, String reason, int count) {
    Eventually.holds(reason, () -> failures(running, reason) == count);
  }

  private static void applied(ReloadOutcome outcome) {
    assertThat(outcome.result()).as(outcome.problems().toString()).isEqualTo("applied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void choosesTheCertificateByTheNameThatIsAskedFor(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider))) {
      int port = running.port("web");
      for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
        assertThat(Tls.shown(port, "shop.example", version)).isEqualTo("shop.example");
        assertThat(Tls.shown(port, "WWW.shop.example", version)).isEqualTo("shop.example");
        assertThat(Tls.shown(port, "a.wild.example", version)).isEqualTo("*.wild.example");
        assertThat(Tls.shown(port, "extra.example", version)).isEqualTo("*.wild.example");
        assertThat(Tls.shown(port, "a.b.wild.example", version)).isEqualTo("first.example");
        assertThat(Tls.shown(port, "unknown.example", version)).isEqualTo("first.example");
        assertThat(Tls.shown(port, "", version)).isEqualTo("first.example");
      }
      running.shows(HANDSHAKES, 14);
      assertThat(running.gateway().status().getString("tls"))
          .isEqualTo(provider + " (as configured)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void agreesOnTheProtocolThatItSpeaks(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider));
        SSLSocket socket = Tls.connect(running.port("web"), "shop.example")) {
      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesVersionsBelowTheMinimum(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider))) {
      assertThat(alert(running.port("web"))).isEqualTo("00020246");
      eventuallyFailed(running, "version", 1);
    }
    String strict = yaml(provider).replace("}]}}", "}], min-version: \"1.3\"}}");
    assertThat(strict).contains("min-version");
    try (Running running = Running.of(strict)) {
      int port = running.port("web");
      assertThatThrownBy(() -> Tls.shown(port, "", "TLSv1.2"))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(Tls.shown(port, "", "TLSv1.3")).isEqualTo("first.example");
      eventuallyFailed(running, "version", 1);
    }
  }

  /** Level and description of the alert that answers an old client. */
  private static String alert(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(OLD_HELLO);
      byte[] answer = socket.getInputStream().readAllBytes();
      return HexFormat.of().formatHex(Arrays.copyOfRange(answer, 3, 7));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void usesRenewedCertificatesAndKeepsOpenConnections(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider));
        Http open = Tls.http(running.port("web"), "shop.example")) {
      int port = running.port("web");
      open.request("GET", "/", "shop.example");
      assertThat(open.answer().content()).isEqualTo("ok");

      Tls.certificate(folder, "shop", "renewed.example", "shop.example");
      applied(running.reload(running.yaml()));

      assertThat(Tls.shown(port, "shop.example")).isEqualTo("renewed.example");
      assertThat(Tls.shown(port, "www.shop.example")).isEqualTo("first.example");
      open.request("GET", "/", "shop.example");
      Http.Answer still = open.answer();
      assertThat(still.content()).isEqualTo("ok");
      assertThat(still.field("connection")).isEmpty();
      assertThat(running.port("web")).isEqualTo(port);
      assertThat(running.reload(running.yaml()).result()).isEqualTo("unchanged");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesAKeyThatIsNotTheCertificates(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider))) {
      Files.copy(
          folder.resolve("wild.key"),
          folder.resolve("shop.key"),
          StandardCopyOption.REPLACE_EXISTING);
      ReloadOutcome outcome = running.reload(running.yaml());
      assertThat(outcome.result()).isEqualTo("rejected");
      assertThat(outcome.problems()).hasSize(1);
      assertThat(outcome.problems().get(0).toString())
          .matches("gateway.yaml:6:\\d+  error  listeners.web.tls.certificates\\[1\\].key: .*")
          .endsWith(
              "shop.key does not match "
                  + folder.resolve("shop.crt")
                  + " (expected: its private key)");
      assertThat(Tls.shown(running.port("web"), "shop.example")).isEqualTo("shop.example");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void takesOtherSettingsOnAPortThatStaysOpen(String provider) throws Exception {
    String port = FreePort.address();
    String secure = yaml(provider).replace("127.0.0.1:0\", tls", port + "\", tls");
    String plain = secure.replaceFirst(", tls: \\{.*", "}");
    try (Running running = Running.of(plain)) {
      assertThat(running.get("/").content()).isEqualTo("ok");

      applied(running.reload(secure));
      assertThat(Tls.shown(running.port("web"), "", "TLSv1.2")).isEqualTo("first.example");

      applied(running.reload(secure.replace("}]}}", "}], min-version: \"1.3\"}}")));
      assertThatThrownBy(() -> Tls.shown(running.port("web"), "", "TLSv1.2"))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(Tls.shown(running.port("web"), "", "TLSv1.3")).isEqualTo("first.example");

      applied(running.reload(plain));
      assertThat(running.get("/").content()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void closesAClientThatNeverFinishesItsHandshake(String provider) throws Exception {
    String quick = yaml(provider, "}, timeouts: {handshake: 200ms}", ok());
    try (Running running = Running.of(quick);
        Http silent = Http.open(running.port("web"));
        Http slow = Http.open(running.port("web"))) {
      slow.write("\u0016\u0003\u0001");
      assertThat(silent.closed()).isTrue();
      assertThat(slow.closed()).isTrue();
      eventuallyFailed(running, "timeout", 2);
      running.shows("sentinel_connections_open{listener=\"web\"}", 0);
      assertThat(failures(running, "closed")).isZero();
    }
  }

  private static String ok() {
    return "  ok: {respond: {status: 200, body: ok}}\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void limitsTheTimeOfAHeaderSectionButNotTheRestBeforeIt(String provider) throws Exception {
    String quick = yaml(provider, "}, timeouts: {header: 200ms}", ok());
    try (Running running = Running.of(quick);
        Http resting = Tls.http(running.port("web"), "");
        Http slow = Tls.http(running.port("web"), "")) {
      slow.write("GET / HT");
      // Told over TLS, or the client could not read it.
      assertThat(slow.answer().status()).isEqualTo(408);
      assertThat(slow.closed()).isTrue();

      resting.request("GET", "/", "localhost");
      assertThat(resting.answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void closesPlainTextPolitely(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.port("web"))) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      // The end of the stream, whatever comes before it; a reset would be an exception.
      socket.getInputStream().readAllBytes();
      eventuallyFailed(running, "not_tls", 1);
      running.shows("sentinel_active_requests{listener=\"web\"}", 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void countsClientsThatRefuseTheCertificateOrGoAway(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider))) {
      int port = running.port("web");
      assertThatThrownBy(() -> Tls.connect(SSLContext.getDefault(), port, "shop.example"))
          .isInstanceOf(SSLHandshakeException.class);
      eventuallyFailed(running, "refused", 1);
      Http.open(port).close();
      eventuallyFailed(running, "closed", 1);
      assertThat(failures(running, "other")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void carriesContentsBothWays(String provider) throws Exception {
    byte[] content = new byte[3_000_000];
    Arrays.fill(content, (byte) 'x');
    Files.write(folder.resolve("large.txt"), content);
    try (Origin origin = Origin.start("origin");
        Running running =
            Running.of(
                yaml(
                    provider,
                    "}",
                    """
                      files: {match: {path: /large.txt}, static: {root: "%s"}}
                      all: {forward: {upstream: origin}}
                    upstreams: {origin: {targets: [{address: "%s"}]}}
                    """
                        .formatted(folder, origin.address())));
        Http http = Tls.http(running.port("web"), "")) {
      http.request("GET", "/large.txt", "localhost");
      assertThat(http.answer().content()).hasSize(content.length);

      http.write("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 300000\r\n\r\n");
      http.write("y".repeat(300_000));
      assertThat(http.answer().content()).isEqualTo("y".repeat(300_000));

      http.request("GET", "/proto", "localhost");
      assertThat(http.answer().content()).isEqualTo("https");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void countsAConnectionThatIsInItsHandshake(String provider) throws Exception {
    String one =
        yaml(provider, "}, limits: {connections: 1}", ok()).replace("instances: 2", "instances: 1");
    try (Running running = Running.of(one)) {
      try (Http silent = Http.open(running.port("web"))) {
        silent.write("\u0016");
        Eventually.holds(
            "one is open",
            () -> running.metric("sentinel_connections_open{listener=\"web\"}") == 1);
        try (Http second = Http.open(running.port("web"))) {
          assertThat(second.closed()).isTrue();
        }
      }
      Eventually.holds(
          "none is open", () -> running.metric("sentinel_connections_open{listener=\"web\"}") == 0);
      assertThat(Tls.shown(running.port("web"), "")).isEqualTo("first.example");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void closesAConnectionWhoseClientHasSaidItsLastWord(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider));
        SSLSocket socket = Tls.connect(running.port("web"), "", "TLSv1.3")) {
      socket.shutdownOutput();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void saysWhenItsCertificatesExpire(String provider) throws Exception {
    Instant begun = Instant.now().minusSeconds(3600);
    Tls.certificate(folder, "first", begun, "first.example");
    Tls.certificate(folder, "wild", begun.minusSeconds(100_000), "*.wild.example");
    try (Running running = Running.of(yaml(provider))) {
      String series =
          "sentinel_tls_certificate_expiry_timestamp_seconds{certificate=\""
              + folder.resolve("first.crt")
              + "\",listener=\"web\"}";
      assertThat(running.metric(series)).isEqualTo((double) (begun.getEpochSecond() + 86_400));
      assertThat(Tls.shown(running.port("web"), "a.wild.example")).isEqualTo("*.wild.example");
    }
  }
}
