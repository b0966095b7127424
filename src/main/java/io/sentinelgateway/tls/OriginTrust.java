package io.sentinelgateway.tls;

import io.sentinelgateway.config.OriginTlsConfig;
import io.sentinelgateway.config.OriginTlsConfig.Verify;
import io.sentinelgateway.schema.PemFile;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges the certificates of origin servers: the platform's rules for chains and names (RFC 5280,
 * RFC 9525), then what they leave out. Thread-safe.
 *
 * <p>The platform takes a certificate that is itself among the trusted ones as it is, though it may
 * have expired; so the time is looked at here again.
 */
final class OriginTrust extends X509ExtendedTrustManager {

  private static final X509Certificate[] NONE = {};

  private final @Nullable X509ExtendedTrustManager platform;
  private final Set<String> pins;

  private OriginTrust(@Nullable X509ExtendedTrustManager platform, Set<String> pins) {
    this.platform = platform;
    this.pins = pins;
  }

  /**
   * Never on an event loop.
   *
   * @throws BadCertificateException when a file with authorities cannot be used
   */
  static OriginTrust of(OriginTlsConfig config) {
    Set<String> pins =
        config.pins().stream()
            .map(pin -> Base64.getEncoder().encodeToString(Base64.getDecoder().decode(pin)))
            .collect(Collectors.toUnmodifiableSet());
    return new OriginTrust(config.verify() == Verify.FULL ? platform(config.trust()) : null, pins);
  }

  private static X509ExtendedTrustManager platform(List<PemFile> files) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(files.isEmpty() ? null : store(files));
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new BadCertificateException("trust", "the authorities cannot be used: " + e);
    }
    throw new IllegalStateException("this Java has no manager of trust for X.509");
  }

  private static KeyStore store(List<PemFile> files) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (PemFile file : files) {
      for (X509Certificate authority : Pem.certificates(file, "trust")) {
        store.setCertificateEntry(String.valueOf(store.size()), authority);
      }
    }
    return store;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    if (platform != null) {
      try {
        platform.checkServerTrusted(chain, authType, engine);
      } catch (CertificateException e) {
        throw refusal(platform, chain, authType, e);
      }
    }
    judge(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    if (platform != null) {
      platform.checkServerTrusted(chain, authType, socket);
    }
    judge(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (platform != null) {
      platform.checkServerTrusted(chain, authType);
    }
    judge(chain);
  }

  /** The platform tells the two reasons apart by nothing but texts; so the chain is asked alone. */
  private static UntrustedOriginException refusal(
      X509ExtendedTrustManager platform,
      X509Certificate[] chain,
      String authType,
      CertificateException refused) {
    try {
      platform.checkServerTrusted(chain, authType);
    } catch (CertificateException e) {
      return new UntrustedOriginException(false, String.valueOf(e.getMessage()), refused);
    }
    return new UntrustedOriginException(true, String.valueOf(refused.getMessage()), refused);
  }

  private void judge(X509Certificate[] chain) throws UntrustedOriginException {
    if (platform != null) {
      try {
        chain[0].checkValidity();
      } catch (CertificateException e) {
        throw new UntrustedOriginException(false, String.valueOf(e.getMessage()), e);
      }
    }
    if (!pins.isEmpty() && !pins.contains(pin(chain[0]))) {
      throw new UntrustedOriginException(
          false, "its public key is " + pin(chain[0]) + ", which is not among the pins", null);
    }
  }

  private static String pin(X509Certificate certificate) {
    try {
      byte[] key = certificate.getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A hint for clients of ours; none is needed. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return NONE;
  }

  // What only a server would ask.

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw clients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw clients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw clients();
  }

  private static CertificateException clients() {
    return new CertificateException("nobody's client is trusted here");
  }
}
