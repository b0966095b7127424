package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change in their files are used without a word to the gateway. */
class CertificateWatchTest {

  @TempDir private Path folder;

  private Path config(String certificate) throws IOException {
    // The poll alone would take longer than the test waits.
    String yaml =
        Running.HEAD.replace("instances: 2", "instances: 2, reload: {poll: 1h}")
            + "listeners: {web: {address: \"127.0.0.1:0\", tls: {certificates: ["
            + certificate
            + "]}}}\nroutes: {ok: {respond: {body: ok}}}\n";
    return Files.writeString(Files.createDirectory(folder.resolve("conf")).resolve("g.yaml"), yaml);
  }

  private static void showsEventually(Running running, String name) {
    Eventually.holds(
        name,
        () -> {
          try {
            return Tls.shown(running.port("web"), "").equals(name);
          } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void usesACertificateThatIsReplaced() throws Exception {
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    Tls.certificate(certificates, "tls", "old.example");
    try (Running running = Running.watching(config(Tls.item(certificates, "tls")))) {
      assertThat(Tls.shown(running.port("web"), "")).isEqualTo("old.example");
      for (int i = 0; i < 3; i++) {
        Tls.certificate(certificates, "tls", "new" + i + ".example");
        showsEventually(running, "new" + i + ".example");
      }
    }
  }

  @Test
  void usesAnAnswerOfTheResponderThatIsReplaced() throws Exception {
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    Tls.certificate(certificates, "tls", "a.example");
    TestAuthority authority = new TestAuthority("responder");
    Path file = Files.write(certificates.resolve("ocsp"), authority.ocspResponse(1));
    String item = Tls.item(certificates, "tls").replace("}", ", ocsp: \"" + file + "\"}");
    try (Running running = Running.watching(config(item))) {
      byte[] renewed = authority.ocspResponse(2);
      Files.write(file, renewed);
      Eventually.holds("stapled", () -> Arrays.equals(stapled(running), renewed));
    }
  }

  private static byte[] stapled(Running running) {
    try (SSLSocket socket = Tls.connect(running.port("web"), "")) {
      return ((ExtendedSSLSession) socket.getSession()).getStatusResponses().get(0);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** As Kubernetes changes a mounted Secret. */
  @Test
  void usesACertificateBehindALinkThatIsMoved() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    for (String version : new String[] {"..1", "..2"}) {
      Tls.certificate(
          Files.createDirectory(mount.resolve(version)),
          "tls",
          "v" + version.substring(2) + ".example");
    }
    Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
    for (String name : new String[] {"tls.crt", "tls.key"}) {
      Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
    }
    try (Running running = Running.watching(config(Tls.item(mount, "tls")))) {
      assertThat(Tls.shown(running.port("web"), "")).isEqualTo("v1.example");
      Files.createSymbolicLink(mount.resolve("..tmp"), Path.of("..2"));
      Files.move(mount.resolve("..tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      showsEventually(running, "v2.example");
    }
  }

  @Test
  void usesACertificateThatIsMendedAfterItWasRefused() throws Exception {
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    Tls.certificate(certificates, "tls", "old.example");
    try (Running running = Running.watching(config(Tls.item(certificates, "tls")))) {
      Eventually.holds("the first scan", () -> running.reads() == 2);
      Files.delete(certificates.resolve("tls.crt"));
      Eventually.holds("refused", () -> running.configuration().getBoolean("stale"));
      Tls.certificate(certificates, "tls", "mended.example");
      showsEventually(running, "mended.example");
    }
  }
}
