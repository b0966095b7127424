package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Word;
import java.util.List;
import java.util.regex.Pattern;

/** How a listener speaks TLS. */
public record TlsConfig(
    @Doc(
            "Chosen by the name that a client asks for (SNI); the first one serves those who ask"
                + " for none, or for another.")
        List<CertificateConfig> certificates,
    @Doc("The oldest version that is spoken.") @Default("\"1.2\"") Version minVersion,
    @Doc("The newest version that is spoken.") @Default("\"1.3\"") Version maxVersion) {

  private static final Pattern NAME =
      Pattern.compile(
          "(\\*\\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*",
          Pattern.CASE_INSENSITIVE);

  void check(Problems problems) {
    problems
        .at("certificates")
        .require(!certificates.isEmpty(), "none (expected: at least one certificate)");
    problems
        .at("max-version")
        .require(
            maxVersion.compareTo(minVersion) >= 0,
            maxVersion.number() + " (expected: not below min-version " + minVersion.number() + ")");
    for (int i = 0; i < certificates.size(); i++) {
      certificates.get(i).check(problems.at("certificates").at(i));
    }
  }

  /** True when a handshake by the other settings differs in nothing but certificates. */
  public boolean sameHandshakes(TlsConfig other) {
    return withoutCertificates().equals(other.withoutCertificates());
  }

  TlsConfig withoutCertificates() {
    return new TlsConfig(List.of(), minVersion, maxVersion);
  }

  /** A version of TLS. Older ones are never spoken (RFC 8996). */
  public enum Version {
    @Word("1.2")
    TLS_1_2,
    @Word("1.3")
    TLS_1_3;

    private String number() {
      return this == TLS_1_2 ? "1.2" : "1.3";
    }
  }

  /** A certificate with its key. */
  public record CertificateConfig(
      @Doc("File with the certificate, then those of the authorities that lead to its root.")
          PemFile cert,
      @Doc("File with its private key, RSA or EC, without a passphrase.") PemFile key,
      @Doc("Names that it serves besides its own subject alternative names.") @Default("[]")
          List<String> names) {

    void check(Problems problems) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        problems
            .at("names")
            .at(i)
            .require(
                name.length() <= 253 && NAME.matcher(name).matches(),
                name + " (expected: a host name, or *. and a host name)");
      }
    }
  }
}
