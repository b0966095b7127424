package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Word;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a listener speaks TLS. */
public record TlsConfig(
    @Doc(
            "Chosen by the name that a client asks for (SNI); the first one serves those who ask"
                + " for none, or for another.")
        List<CertificateConfig> certificates,
    @Doc("The oldest version that is spoken.") @Default("\"1.2\"") Version minVersion,
    @Doc("The newest version that is spoken.") @Default("\"1.3\"") Version maxVersion,
    @Doc("Whether clients show a certificate; absent: nobody is asked.")
        Optional<ClientAuthConfig> clientAuth,
    @Doc(
            "In order of preference. Rules the versions that it names a suite of; the others have"
                + " all that are known here. BoringSSL speaks TLS 1.3 with all three of it or not at"
                + " all.")
        @Default("[]")
        List<CipherSuite> cipherSuites,
    @Doc("In order of preference; empty: those of the provider. Needs BoringSSL.") @Default("[]")
        List<NamedGroup> groups,
    @Doc("How clients resume sessions.") @Default("{}") SessionTicketsConfig sessionTickets) {

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
    clientAuth.ifPresent(auth -> auth.check(problems.at("client-auth")));
    for (int i = 0; i < certificates.size(); i++) {
      certificates.get(i).check(problems.at("certificates").at(i));
    }
  }

  /** What is asked of clients that this certificate serves. */
  public ClientAuthConfig clientAuth(CertificateConfig certificate) {
    return certificate.clientAuth().or(this::clientAuth).orElse(ClientAuthConfig.NONE);
  }

  /**
   * True when a handshake by the other settings differs in nothing but what can change while a
   * listener is open: certificates, what is asked of clients, keys of tickets.
   */
  public boolean sameHandshakes(TlsConfig other) {
    return withoutCertificates().equals(other.withoutCertificates());
  }

  TlsConfig withoutCertificates() {
    return new TlsConfig(
        List.of(),
        minVersion,
        maxVersion,
        Optional.empty(),
        cipherSuites,
        groups,
        sessionTickets.withoutKeys());
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
          List<String> names,
      @Doc("What is asked of clients that it serves; absent: what the listener asks.")
          Optional<ClientAuthConfig> clientAuth,
      @Doc(
              "File with the answer of its authority's OCSP responder (DER), sent to clients that"
                  + " ask for it. Needs BoringSSL.")
          Optional<PemFile> ocsp) {

    void check(Problems problems) {
      clientAuth.ifPresent(auth -> auth.check(problems.at("client-auth")));
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
