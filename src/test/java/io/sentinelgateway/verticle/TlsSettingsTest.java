package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Suites, groups, stapling, and very many certificates. */
class TlsSettingsTest {

  @TempDir private Path folder;

  @BeforeEach
  void makeCertificate() throws IOException {
    Tls.certificate(folder, "it", "it.example");
  }

  private static String yaml(String provider, String certificates, String settings) {
    return Running.HEAD.replace("instances: 2", "instances: 2, tls-provider: " + provider)
        + "listeners: {web: {address: \"127.0.0.1:0\", tls: {certificates: ["
        + certificates
        + "]"
        + settings
        + "}}}\nroutes: {ok: {respond: {body: ok}}}\n";
  }

  private static String suite(Running running, String version) throws Exception {
    try (SSLSocket socket = Tls.connect(running.port("web"), "", version)) {
      return socket.getSession().getCipherSuite();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void usesTheSuitesThatAreListed(String provider) throws Exception {
    String yaml =
        yaml(
            provider,
            Tls.item(folder, "it"),
            ", cipher-suites: [TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]");
    try (Running running = Running.of(yaml)) {
      assertThat(suite(running, "TLSv1.2"))
          .isEqualTo("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
      // The list names none of TLS 1.3, so that keeps its own.
      assertThat(suite(running, "TLSv1.3")).startsWith("TLS_");
    }
  }

  @Test
  void choosesSuitesOfTheNewestVersionWhereTheProviderCan() throws Exception {
    String wanted = ", cipher-suites: [TLS_CHACHA20_POLY1305_SHA256]";
    try (Running running = Running.of(yaml("jdk", Tls.item(folder, "it"), wanted))) {
      assertThat(suite(running, "TLSv1.3")).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
    }
    assertThatThrownBy(() -> Running.of(yaml("boringssl", Tls.item(folder, "it"), wanted)))
        .hasMessageContaining("expected: all three of it or none");
  }

  @Test
  void usesOnlyTheGroupsThatAreListed() throws Exception {
    String yaml = yaml("boringssl", Tls.item(folder, "it"), ", groups: [P-384]");
    try (Running running = Running.of(yaml)) {
      assertThat(Tls.shown(running.port("web"), "")).isEqualTo("it.example");
    }
    yaml = yaml("boringssl", Tls.item(folder, "it"), ", groups: [X25519MLKEM768]");
    try (Running running = Running.of(yaml)) {
      // This Java does not know it, so that nothing is in common.
      assertThatThrownBy(() -> Tls.shown(running.port("web"), ""))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void refusesWhatTheProviderCannotDo() {
    String yaml =
        yaml(
            "jdk",
            Tls.item(folder, "it"),
            ", groups: [X25519], session-tickets: {keys: \"" + folder.resolve("it.key") + "\"}");
    assertThatThrownBy(() -> Running.of(yaml))
        .hasMessageContaining("listeners.web.tls.groups: ")
        .hasMessageContaining("listeners.web.tls.session-tickets.keys: ")
        .hasMessageContaining("expected: server.tls-provider: boringssl");
  }

  @Test
  void namesWhatIsAvailable() {
    String yaml =
        yaml("auto", Tls.item(folder, "it"), ", cipher-suites: [RC4], groups: [brainpool]");
    String problems =
        Catalog.reader(name -> Optional.empty())
            .read(Sources.of("gateway.yaml", yaml))
            .problems()
            .toString();
    assertThat(problems)
        .contains("cipher-suites[0]: ")
        .contains("TLS_AES_128_GCM_SHA256")
        .contains("groups[0]: ")
        .contains("X25519MLKEM768");
  }

  @Test
  void staplesAnAnswerOfTheResponder() throws Exception {
    byte[] response = new TestAuthority("responder").ocspResponse(4711);
    Path file = folder.resolve("it.ocsp");
    Files.write(file, response);
    String item = Tls.item(folder, "it").replace("}", ", ocsp: \"" + file + "\"}");
    try (Running running = Running.of(yaml("boringssl", item, ""))) {
      for (String version : List.of("TLSv1.3", "TLSv1.2")) {
        try (SSLSocket socket = Tls.connect(running.port("web"), "", version)) {
          assertThat(((ExtendedSSLSession) socket.getSession()).getStatusResponses())
              .containsExactly(response);
        }
      }
      Files.write(file, new byte[] {0x30, 3, 0x0a, 1, 6});
      assertThat(running.reload(running.yaml()).problems().toString())
          .contains("certificates[0].ocsp: ")
          .contains("whose status is successful");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void servesHundredsOfNames(String provider) throws Exception {
    StringBuilder items = new StringBuilder(Tls.item(folder, "it"));
    for (int i = 0; i < 500; i++) {
      Tls.certificate(folder, "n" + i, "n" + i + ".example");
      items.append(", ").append(Tls.item(folder, "n" + i));
    }
    try (Running running = Running.of(yaml(provider, items.toString(), ""))) {
      for (int i = 0; i < 500; i += 25) {
        String name = "n" + i + ".example";
        assertThat(Tls.shown(running.port("web"), name)).isEqualTo(name);
      }
      assertThat(running.gateway().status().getJsonObject("listeners").getJsonObject("web"))
          .asString()
          .contains("n499.crt");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void losesNoHandshakeWhileCertificatesChange(String provider) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger done = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    try (Running running = Running.of(yaml(provider, Tls.item(folder, "it"), ""))) {
      int port = running.port("web");
      Thread load =
          new Thread(
              () -> {
                while (!over.get()) {
                  try {
                    Tls.shown(port, "it.example");
                    done.incrementAndGet();
                  } catch (Exception e) {
                    failed.incrementAndGet();
                  }
                }
              });
      load.start();
      for (int i = 0; i < 10; i++) {
        Tls.certificate(folder, "it", "v" + i + ".example", "it.example");
        assertThat(running.reload(running.yaml()).result()).isEqualTo("applied");
      }
      over.set(true);
      load.join();
      assertThat(failed).hasValue(0);
      assertThat(done.get()).isPositive();
      assertThat(Tls.shown(port, "it.example")).isEqualTo("v9.example");
    }
  }
}
