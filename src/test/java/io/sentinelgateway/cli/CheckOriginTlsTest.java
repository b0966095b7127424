package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} finds in TLS towards origin servers, beside what reading finds. */
class CheckOriginTlsTest {

  @TempDir private Path folder;

  @BeforeEach
  void certificates() throws IOException {
    Instant now = Instant.now();
    TestCertificates.write(folder, "one", now, "one.example");
    TestCertificates.write(folder, "two", now, "two.example");
    TestCertificates.write(folder, "old", now.minus(Duration.ofDays(9)), "one.example");
  }

  private Shell.Ended check(String tls) throws IOException {
    Path file = folder.resolve("s.yaml");
    Files.writeString(
        file,
        """
        version: 1
        listeners: {web: {address: ":8080"}}
        upstreams:
          shop:
            targets: [{address: "shop.example:443"}]
            tls: {%s}
        routes: {all: {forward: {upstream: shop}}}
        """
            .formatted(tls.replace("@", folder + "/")));
    return Shell.run("check", "--config", file.toString());
  }

  @Test
  void acceptsWhatFitsTogether() throws IOException {
    Shell.Ended ended = check("trust: @two.crt, cert: @one.crt, key: @one.key");
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).contains("is valid");
  }

  @Test
  void refusesAKeyOfAnotherCertificate() throws IOException {
    assertThat(check("cert: @one.crt, key: @two.key").out())
        .contains("error  upstreams.shop.tls.key: ", "two.key does not match ", "one.crt");
  }

  @Test
  void refusesAnAuthorityThatIsNone() throws IOException {
    assertThat(check("trust: [@one.crt, @s.yaml]").out())
        .contains("error  upstreams.shop.tls.trust[1]: ", "s.yaml holds no certificate");
  }

  @Test
  void refusesACipherSuiteThatNobodyKnows() throws IOException {
    assertThat(check("cipher-suites: [TLS_AES_128_GCM_SHA256, TLS_NULL]").out())
        .contains("error  upstreams.shop.tls.cipher-suites[1]: TLS_NULL (expected: ");
  }

  @Test
  void warnsOfWhatIsNotVerifiedUnlessTheKeyIsPinned() throws IOException {
    String pins = ", pins: [\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"]";
    Shell.Ended ended = check("verify: none");
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).contains("warn  upstreams.shop.tls.verify: none: anybody on the way");
    assertThat(check("verify: none" + pins).out()).doesNotContain("warn");
  }

  @Test
  void warnsOfItsOwnCertificateThatHasExpired() throws IOException {
    Shell.Ended ended = check("cert: @old.crt, key: @old.key");
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).contains("warn  upstreams.shop.tls.cert: ", "old.crt expired at ");
  }
}
