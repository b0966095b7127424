package io.sentinelgateway.tls;

import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.schema.PemFile;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whose client certificates are taken: paths to the configured authorities as RFC 5280 section 6
 * wants them, never to those of the platform, and nothing is fetched from anywhere. Stateless;
 * never on an event loop.
 */
final class ClientTrust {

  private ClientTrust() {}

  /**
   * @throws BadCertificateException at {@code ca} or {@code crl}
   */
  static TrustManager of(ClientAuthConfig auth) {
    PemFile ca = auth.ca().orElseThrow();
    Set<TrustAnchor> anchors =
        Pem.certificates(ca, "ca").stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toSet());
    try {
      var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      parameters.setRevocationEnabled(false);
      if (auth.crl().isPresent()) {
        Collection<? extends CRL> lists = lists(auth.crl().get());
        parameters.addCertStore(
            CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
        parameters.addCertPathChecker(byListsOnly());
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      return factory.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new BadCertificateException("ca", ca + " cannot be used: " + e.getMessage());
    }
  }

  /** A status that no list tells is a refusal: no fallback, and no failure that is overlooked. */
  private static PKIXRevocationChecker byListsOnly() throws GeneralSecurityException {
    var checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    checker.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
    return checker;
  }

  /**
   * @throws BadCertificateException when it holds none, or is damaged
   */
  static List<X509CRL> lists(PemFile file) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509CRL> lists =
          factory.generateCRLs(new ByteArrayInputStream(file.content())).stream()
              .map(X509CRL.class::cast)
              .toList();
      if (!lists.isEmpty()) {
        return lists;
      }
    } catch (GeneralSecurityException e) {
      throw new BadCertificateException(
          "crl", file + " is damaged (expected: revocation lists in PEM format)");
    }
    throw new BadCertificateException(
        "crl", file + " holds no revocation list (expected: lists in PEM format)");
  }
}
