package io.sentinelgateway.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate of each handshake by the name that the client asks for. The certificates
 * are replaced by one assignment, while the context that handshakes are made with stays: hundreds
 * of names cost one context, and a renewed certificate costs none. Thread-safe.
 *
 * <p>An alias stands for one content, for ever. So BoringSSL's parsed form of a key and its chain
 * is kept under the alias, and a handshake parses nothing.
 */
final class ServerKeys extends X509ExtendedKeyManager {

  /** The set in use, and the one before it: a handshake may have begun with that. */
  private record Sets(CertificateSet current, CertificateSet before) {}

  private volatile Sets sets;

  ServerKeys(CertificateSet first) {
    sets = new Sets(first, first);
  }

  /** Handshakes that begin from now on use these. Each event loop says so, for itself. */
  void use(CertificateSet next) {
    Sets now = sets;
    if (!now.current().equals(next)) {
      sets = new Sets(next, now.current());
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    ServerCertificate chosen = sets.current().choose(name(engine));
    if (!chosen.keyType().equals(keyType)) {
      return null;
    }
    byte[] staple = chosen.staple();
    if (staple != null && engine instanceof ReferenceCountedOpenSslEngine boring) {
      boring.setOcspResponse(staple);
    }
    return chosen.alias();
  }

  private static @Nullable String name(SSLEngine engine) {
    if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
      for (SNIServerName name : session.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName();
        }
      }
    }
    return null;
  }

  private @Nullable ServerCertificate get(String alias) {
    Sets now = sets;
    ServerCertificate certificate = now.current().get(alias);
    return certificate != null ? certificate : now.before().get(alias);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    ServerCertificate certificate = get(alias);
    return certificate == null ? null : certificate.chain();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    ServerCertificate certificate = get(alias);
    return certificate == null ? null : certificate.key();
  }

  // What only a client, or a socket without an engine, would ask.

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
