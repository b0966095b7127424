package io.sentinelgateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.config.ClientAuthConfig.Mode;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Objects;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one client's connection: what was asked of the client, and who it is. Confined to the
 * connection's event loop.
 */
public final class TlsConnection {

  private final ServerTls server;
  private final ChannelHandler handler;
  private ClientAuthConfig asked = ClientAuthConfig.NONE;
  private @Nullable SslHandler tls;
  private boolean looked;
  private @Nullable X509Certificate shown;

  TlsConnection(ServerTls server, ServerContexts contexts, ByteBufAllocator allocator) {
    this.server = server;
    this.handler =
        contexts.uniform() ? begin(contexts.choose(null), allocator) : new ByName(contexts);
  }

  private SslHandler begin(ServerContext context, ByteBufAllocator allocator) {
    asked = context.asked();
    SslHandler made = context.netty().newHandler(allocator);
    // Another one counts the time.
    made.setHandshakeTimeoutMillis(0);
    tls = made;
    return made;
  }

  /**
   * Reads the name before the handshake begins. By the name the provider could choose a certificate
   * in the course of it, but not, with the JDK, what is asked of the client.
   */
  private final class ByName extends SniHandler {

    private final ServerContexts contexts;
    private @Nullable ServerContext chosen;

    ByName(ServerContexts contexts) {
      // No time limit of its own: another one counts the time. A ClientHello ends at 64 KiB.
      super((String name) -> contexts.choose(name).netty(), 0);
      this.contexts = contexts;
    }

    @Override
    protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable String name) {
      ServerContext found = contexts.choose(name);
      chosen = found;
      return context.executor().newSucceededFuture(found.netty());
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
      return begin(Objects.requireNonNull(chosen), allocator);
    }
  }

  /** For the connection's pipeline; may put another one in its own place. */
  public ChannelHandler handler() {
    return handler;
  }

  /**
   * Whether requests for this host may come over this connection: by the settings of today, no more
   * was to be asked of its client than was asked.
   */
  public boolean covers(String host) {
    ServerContexts now = server.contexts();
    return asked.covers(now.asked(host));
  }

  /** What the client showed and proved, already found good; {@code null}: nothing. */
  public @Nullable X509Certificate clientCertificate() {
    if (!looked && tls != null) {
      looked = true;
      shown = asked.mode() == Mode.NONE ? null : shown(tls);
    }
    return shown;
  }

  private static @Nullable X509Certificate shown(SslHandler tls) {
    try {
      Certificate[] chain = tls.engine().getSession().getPeerCertificates();
      return chain[0] instanceof X509Certificate leaf ? leaf : null;
    } catch (SSLPeerUnverifiedException none) {
      return null;
    }
  }

  /**
   * Whether the client's certificate has not expired; true without one. A resumed session does not
   * look at that again.
   */
  public boolean current(Instant now) {
    X509Certificate certificate = clientCertificate();
    return certificate == null || now.isBefore(certificate.getNotAfter().toInstant());
  }
}
