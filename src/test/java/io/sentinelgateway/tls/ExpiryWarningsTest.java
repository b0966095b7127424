package io.sentinelgateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.config.SessionTicketsConfig;
import io.sentinelgateway.config.TlsConfig;
import io.sentinelgateway.config.TlsConfig.CertificateConfig;
import io.sentinelgateway.config.TlsConfig.Version;
import io.sentinelgateway.schema.PemFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryWarningsTest {

  @TempDir private Path folder;

  /** Valid for a day from then on. */
  private CertificateSet from(Instant begin) throws IOException {
    TestCertificates.write(folder, "it", begin, "it.example");
    CertificateConfig it =
        new CertificateConfig(
            PemFile.parse(folder.resolve("it.crt").toString()),
            PemFile.parse(folder.resolve("it.key").toString()),
            List.of(),
            Optional.<ClientAuthConfig>empty(),
            Optional.empty());
    return CertificateSet.of(
        new TlsConfig(
            List.of(it),
            Version.TLS_1_2,
            Version.TLS_1_3,
            Optional.empty(),
            List.of(),
            List.of(),
            new SessionTicketsConfig(Optional.empty(), Duration.ofHours(12))));
  }

  @Test
  void warnsFromThirtyDaysBeforeOnceADay() throws Exception {
    Instant begin = Instant.parse("2030-01-01T00:00:00Z");
    List<CertificateSet> inUse = List.of(from(begin));
    Instant end = begin.plus(Duration.ofDays(1));
    ExpiryWarnings warnings = new ExpiryWarnings();
    assertThat(warnings.due(inUse, end.minus(Duration.ofDays(31)))).isEmpty();
    Instant first = end.minus(Duration.ofDays(29));
    assertThat(warnings.due(inUse, first)).singleElement().asString().endsWith(", in 29 days");
    assertThat(warnings.due(inUse, first.plus(Duration.ofHours(23)))).isEmpty();
    assertThat(warnings.due(inUse, first.plus(Duration.ofHours(24)))).hasSize(1);
    assertThat(warnings.due(inUse, end.plus(Duration.ofDays(3))))
        .singleElement()
        .asString()
        .contains(" expired at ");
  }

  @Test
  void saysNothingMoreOfACertificateThatIsRenewed() throws Exception {
    Instant begin = Instant.parse("2030-01-01T00:00:00Z");
    ExpiryWarnings warnings = new ExpiryWarnings();
    assertThat(warnings.due(List.of(from(begin)), begin)).hasSize(1);
    assertThat(warnings.due(List.of(from(begin.plus(Duration.ofDays(60)))), begin)).isEmpty();
  }
}
