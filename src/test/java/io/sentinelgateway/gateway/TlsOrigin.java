package io.sentinelgateway.gateway;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sentinelgateway.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Origin servers that speak TLS, with certificates NAME.crt and keys NAME.key in a folder. */
final class TlsOrigin {

  private TlsOrigin() {}

  /** Writes a certificate that is valid now. */
  static void certificate(Path folder, String name, String... names) throws IOException {
    TestCertificates.write(folder, name, Instant.now().minusSeconds(60), names);
  }

  static ScriptedOrigin start(Path folder, String name, ScriptedOrigin.Script script)
      throws IOException {
    return start(folder, name, socket -> {}, script);
  }

  /**
   * @param settings of its sockets; clients are trusted by {@code client.crt}, if it asks them
   */
  static ScriptedOrigin start(
      Path folder, String name, Consumer<SSLServerSocket> settings, ScriptedOrigin.Script script)
      throws IOException {
    return ScriptedOrigin.start(socket(context(folder, name), settings), script);
  }

  static SSLServerSocket socket(SSLContext context, Consumer<SSLServerSocket> settings)
      throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 200, InetAddress.getLoopbackAddress());
    settings.accept(server);
    return server;
  }

  static SSLContext context(Path folder, String name) throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                folder.resolve(name + ".crt").toFile(), folder.resolve(name + ".key").toFile())
            .sslProvider(SslProvider.JDK);
    Path client = folder.resolve("client.crt");
    if (client.toFile().exists()) {
      builder.trustManager(client.toFile()).clientAuth(ClientAuth.OPTIONAL);
    }
    return ((JdkSslContext) builder.build()).context();
  }
}
