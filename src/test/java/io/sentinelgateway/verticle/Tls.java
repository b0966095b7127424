package io.sentinelgateway.verticle;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sentinelgateway.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Certificates in a folder, and clients that look at what a server shows them. */
final class Tls {

  private Tls() {}

  /** Writes NAME.crt and NAME.key. */
  static void certificate(Path folder, String name, String... names) throws IOException {
    certificate(folder, name, Instant.now().minusSeconds(60), names);
  }

  /** Valid for a day from then on. */
  static void certificate(Path folder, String name, Instant from, String... names)
      throws IOException {
    TestCertificates.write(folder, name, from, names);
  }

  /** An item of {@code certificates}. */
  static String item(Path folder, String name) {
    Path base = folder.resolve(name);
    return "{cert: \"" + base + ".crt\", key: \"" + base + ".key\"}";
  }

  /**
   * Connects and shakes hands; trusts everybody.
   *
   * @param name to ask for; empty: none
   * @param versions to offer; none: all
   */
  static SSLSocket connect(int port, String name, String... versions)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    return connect(context, port, name, versions);
  }

  static SSLSocket connect(SSLContext context, int port, String name, String... versions)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    SSLParameters parameters = socket.getSSLParameters();
    if (!name.isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(name)));
    }
    if (versions.length > 0) {
      parameters.setProtocols(versions);
    }
    parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  /** A client that sends requests. */
  static Http http(int port, String name) throws IOException, GeneralSecurityException {
    return Http.on(connect(port, name));
  }

  /** The common name of the certificate that is shown to who asks for this name. */
  static String shown(int port, String name, String... versions)
      throws IOException, GeneralSecurityException {
    try (SSLSocket socket = connect(port, name, versions)) {
      return subject(socket);
    }
  }

  static String subject(SSLSocket socket) throws IOException {
    var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return leaf.getSubjectX500Principal().getName().replaceFirst("^CN=", "");
  }
}
