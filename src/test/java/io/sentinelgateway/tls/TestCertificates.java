package io.sentinelgateway.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes certificates for tests. */
public final class TestCertificates {

  private static final SecureRandom RANDOM = new SecureRandom();

  private TestCertificates() {}

  /** Writes NAME.crt and NAME.key, valid for a day from then on. */
  public static void write(Path folder, String name, Instant from, String... names)
      throws IOException {
    SelfSigned made = SelfSigned.create(List.of(names), from, Duration.ofDays(1), RANDOM);
    Files.writeString(folder.resolve(name + ".crt"), made.certificate());
    Files.writeString(folder.resolve(name + ".key"), made.key());
  }

  /** An environment whose TLS_FOLDER is this one, with the certificates that the examples name. */
  public static Function<String, Optional<String>> environment(Path folder) {
    try {
      Instant from = Instant.now().minusSeconds(60);
      write(folder, "shop", from, "shop.example", "www.shop.example");
      write(folder, "wildcard", from, "*.shop.example");
      new TestAuthority("partners").write(folder.resolve("partners-ca.pem"));
      write(folder, "internal-ca", from, "internal-ca.example");
      write(folder, "gateway", from, "gateway.internal");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return name -> name.equals("TLS_FOLDER") ? Optional.of(folder.toString()) : Optional.empty();
  }
}
