package io.sentinelgateway.tls;

import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.config.TlsConfig.CertificateConfig;
import io.sentinelgateway.schema.PemFile;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A certificate with its chain, its key, and the names that it serves. Immutable. */
public final class ServerCertificate {

  private static final int DNS_NAME = 2;

  private final PemFile file;
  private final ClientAuthConfig asked;
  private final byte @Nullable [] staple;
  private final X509Certificate[] chain;
  private final PrivateKey key;
  private final Set<String> names;
  private final String alias;

  private ServerCertificate(
      CertificateConfig config,
      ClientAuthConfig asked,
      X509Certificate[] chain,
      PrivateKey key,
      Set<String> names) {
    this.file = config.cert();
    this.asked = asked;
    this.staple = config.ocsp().map(Staple::read).orElse(null);
    this.chain = chain;
    this.key = key;
    this.names = names;
    this.alias = digest(chain);
  }

  /**
   * Reads the files' contents; whether key and certificate belong together is not looked at.
   *
   * @param asked of clients that it serves
   * @throws IllegalArgumentException with a message for the user
   */
  static ServerCertificate of(CertificateConfig config, ClientAuthConfig asked) {
    List<X509Certificate> chain = Pem.certificates(config.cert(), "cert");
    X509Certificate leaf = chain.get(0);
    String algorithm = leaf.getPublicKey().getAlgorithm();
    if (!algorithm.equals("EC") && !algorithm.equals("RSA")) {
      throw new BadCertificateException(
          "cert", config.cert() + " has a key of " + algorithm + " (expected: EC or RSA)");
    }
    PrivateKey key = Pem.key(config.key(), leaf.getPublicKey());
    Set<String> names = new LinkedHashSet<>();
    alternativeNames(leaf, config).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    config.names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return new ServerCertificate(
        config, asked, chain.toArray(X509Certificate[]::new), key, Set.copyOf(names));
  }

  /** RFC 9110 section 4.3.4: the subject's common name is no reference identity any more. */
  private static List<String> alternativeNames(X509Certificate leaf, CertificateConfig config) {
    try {
      Collection<List<?>> all = leaf.getSubjectAlternativeNames();
      return all == null
          ? List.of()
          : all.stream()
              .filter(name -> name.get(0).equals(DNS_NAME))
              .map(name -> (String) name.get(1))
              .toList();
    } catch (CertificateParsingException e) {
      throw new BadCertificateException(
          "cert", config.cert() + " is damaged (expected: readable subject alternative names)");
    }
  }

  private static String digest(X509Certificate[] chain) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (X509Certificate certificate : chain) {
        digest.update(certificate.getEncoded());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "every Java has SHA-256, and what was read can be written", e);
    }
  }

  /** Whether the key is the certificate's: it signs what the certificate verifies. */
  boolean keyMatches() {
    String algorithm = "SHA256with" + (keyType().equals("EC") ? "ECDSA" : "RSA");
    byte[] text = alias.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(text);
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(chain[0].getPublicKey());
      verifying.update(text);
      return verifying.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Stands for exactly this chain and, with it, for its key. */
  String alias() {
    return alias;
  }

  /** {@code EC} or {@code RSA}. */
  String keyType() {
    return chain[0].getPublicKey().getAlgorithm();
  }

  /** What is asked of clients that it serves. */
  ClientAuthConfig asked() {
    return asked;
  }

  /** An OCSP response to go with it; {@code null}: none. The very array: not to be changed. */
  byte @Nullable [] staple() {
    return staple;
  }

  PrivateKey key() {
    return key;
  }

  /** The very array: not to be changed. */
  X509Certificate[] chain() {
    return chain;
  }

  /** In lower case; exact ones, and those that begin with {@code *.}. */
  public Set<String> names() {
    return names;
  }

  /** The file that it was read from, as the configuration names it. */
  public String file() {
    return file.toString();
  }

  /** The end of its validity. */
  public Instant expires() {
    return chain[0].getNotAfter().toInstant();
  }

  /** The beginning of its validity. */
  Instant begins() {
    return chain[0].getNotBefore().toInstant();
  }
}
