package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sentinelgateway.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients resume sessions, at this process or at another one that has the same keys. */
class SessionTicketsTest {

  private static final String SEEN = "seen";

  @TempDir private Path folder;
  private final SSLContext client = client();

  @BeforeEach
  void makeCertificate() throws IOException {
    Tls.certificate(folder, "it", "it.example");
  }

  private static SSLContext client() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String yaml(String provider, int port, String tickets) {
    return Running.HEAD.replace("instances: 2", "instances: 2, tls-provider: " + provider)
        + "listeners: {web: {address: \"127.0.0.1:"
        + port
        + "\", tls: {certificates: ["
        + Tls.item(folder, "it")
        + "], session-tickets: "
        + tickets
        + "}}}\nroutes: {ok: {respond: {body: ok}}}\n";
  }

  /** Makes a request over a new connection; whether it resumed the session of one before it. */
  private boolean resumes(Running running, String version) throws IOException {
    SSLSocket socket = Tls.connect(client, running.port("web"), "it.example", version);
    try (Http http = Http.on(socket)) {
      http.request("GET", "/", "it.example");
      assertThat(http.answer().status()).isEqualTo(200);
      boolean resumed = socket.getSession().getValue(SEEN) != null;
      socket.getSession().putValue(SEEN, true);
      return resumed;
    }
  }

  @ParameterizedTest
  @CsvSource({"boringssl,TLSv1.3", "boringssl,TLSv1.2", "jdk,TLSv1.3", "jdk,TLSv1.2"})
  void resumesASession(String provider, String version) throws Exception {
    try (Running running = Running.of(yaml(provider, 0, "{}"))) {
      assertThat(resumes(running, version)).isFalse();
      assertThat(resumes(running, version)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.3", "TLSv1.2"})
  void resumesASessionOfAReplicaThatHasTheSameKeys(String version) throws Exception {
    Path keys = folder.resolve("tickets.key");
    byte[] first = new byte[80];
    Arrays.fill(first, (byte) 1);
    Files.write(keys, first);
    String yaml = yaml("boringssl", FreePort.next(), "{keys: \"" + keys + "\"}");
    try (Running running = Running.of(yaml)) {
      assertThat(resumes(running, version)).isFalse();
    }
    try (Running replica = Running.of(yaml)) {
      assertThat(resumes(replica, version)).isTrue();
      byte[] both = new byte[160];
      Arrays.fill(both, 0, 80, (byte) 2);
      Arrays.fill(both, 80, 160, (byte) 1);
      Files.write(keys, both);
      assertThat(replica.reload(yaml).result()).isEqualTo("applied");
      assertThat(resumes(replica, version)).isTrue();
      Arrays.fill(both, (byte) 3);
      Files.write(keys, both);
      assertThat(replica.reload(yaml).result()).isEqualTo("applied");
      assertThat(resumes(replica, version)).isFalse();
      Files.write(keys, new byte[79]);
      assertThat(replica.reload(yaml).problems().toString())
          .contains("session-tickets.keys: ")
          .contains("has 79 bytes (expected: 1 to 16 keys of 80 bytes each)");
    }
  }
}
