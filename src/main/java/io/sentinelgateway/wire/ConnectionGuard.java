package io.sentinelgateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the time of one client connection: since when its header section is under way, and when the
 * last byte went in either direction. It sets no timer and reads no clock: it only notes that
 * something happened, and a sweep over all guards of an event loop, some times a second, puts the
 * time to it. So a request costs a few field writes, and limits are as exact as the sweep is often.
 * Confined to the connection's event loop.
 *
 * <p>A slow header section is an attack as old as "slowloris": one byte now and then keeps an idle
 * timer content for ever. Hence the clock starts at a section's first byte and only its end stops
 * it.
 *
 * <p>It also closes politely ({@link #lingerOnClose}). A socket that is closed while its peer still
 * sends answers with a reset, and that reset may overtake the last answer and take it away from the
 * client (RFC 9112 section 9.6). So our direction is closed first, and what still comes is read and
 * dropped until the client closes too, or for a second.
 */
public final class ConnectionGuard extends ChannelDuplexHandler {

  /** What is wrong with a connection. */
  public enum Overdue {
    NOTHING,
    /** The client has reset it, and nothing said so. */
    GONE,
    /** The TLS handshake is not complete in time. */
    HANDSHAKE,
    /** The header section is not complete in time. */
    HEADER,
    /** No byte went in either direction for too long. */
    IDLE
  }

  private static final long LINGER_MILLIS = 1000;

  private final FlushBatch flushes;
  private final long headerNanos;
  private final long idleNanos;
  private @Nullable ChannelHandlerContext context;
  private final long acceptedNanos;
  private long activeNanos;
  private long headerStartedNanos;
  private boolean awaitingHeader = true;
  private boolean headerStarted;
  private boolean headerSeen;
  private boolean active;
  private boolean secured;
  private boolean handshaking;
  private long handshakeNanos;
  private boolean lingers;
  private boolean lingering;

  /**
   * @param nowNanos the time at which it was accepted
   * @param headerNanos limit for a header section, from its first byte
   * @param idleNanos limit for silence in both directions
   * @param flushes of its event loop
   */
  public ConnectionGuard(long nowNanos, long headerNanos, long idleNanos, FlushBatch flushes) {
    this.flushes = flushes;
    this.headerNanos = headerNanos;
    this.idleNanos = idleNanos;
    this.acceptedNanos = nowNanos;
    this.activeNanos = nowNanos;
  }

  /**
   * TLS comes behind this guard, and begins with a handshake.
   *
   * @param nanos limit for it, from the moment of the connection
   */
  void awaitHandshake(long nanos) {
    secured = true;
    awaitPreface(nanos);
  }

  /**
   * Something else than a request comes first.
   *
   * @param nanos limit for it, from the moment of the connection
   */
  public void awaitPreface(long nanos) {
    handshaking = true;
    handshakeNanos = nanos;
  }

  /** What {@link #awaitPreface} awaited has come; TLS, if it is spoken, still goes on. */
  public void prefaceComplete() {
    handshaking = secured;
  }

  /** The handshake has come to a good end: the client may send requests. */
  void handshakeComplete() {
    handshaking = false;
  }

  /** Bytes of a request came out of TLS. */
  void requestBytes() {
    headerStarted |= awaitingHeader;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext read, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
      return;
    }
    active = true;
    headerStarted |= awaitingHeader && !secured;
    read.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext written, Object message, ChannelPromise promise) {
    active = true;
    written.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext flushed) {
    flushes.flush(flushed);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    // A slow reader that takes what was written long ago is not idle.
    active = true;
    changed.fireChannelWritabilityChanged();
  }

  /**
   * The library, told that its server shuts down, would close a resting connection at once and drop
   * a request that is just arriving. When a connection ends is decided by its listener alone.
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext told, Object event) {
    if (!Wire.closesAtOnce(event)) {
      told.fireUserEventTriggered(event);
    }
  }

  /** The header section of a request was read. */
  public void headerComplete() {
    awaitingHeader = false;
    headerStarted = false;
    headerSeen = false;
  }

  /** The exchange is over: the next byte begins a header section. */
  public void exchangeComplete() {
    awaitingHeader = true;
    headerStarted = false;
    headerSeen = false;
  }

  /** True while no request is under way and none has begun to arrive. */
  public boolean resting() {
    return awaitingHeader && !headerStarted && !handshaking;
  }

  /** When the header section that is under way began. */
  public long headerStartedNanos() {
    return headerStartedNanos;
  }

  /** True when it had been at rest for so long at the last call of {@link #overdue}. */
  public boolean resting(long nowNanos, long forNanos) {
    return resting() && !active && !lingering && nowNanos - activeNanos >= forNanos;
  }

  /** What is overdue at this moment; to be asked again and again. */
  public Overdue overdue(long nowNanos) {
    if (lingering) {
      return Overdue.NOTHING;
    }
    if (handshaking) {
      return nowNanos - acceptedNanos > handshakeNanos ? Overdue.HANDSHAKE : Overdue.NOTHING;
    }
    return Resets.unnoticed(context) ? Overdue.GONE : overdueForBytes(nowNanos);
  }

  private Overdue overdueForBytes(long nowNanos) {
    if (active) {
      active = false;
      activeNanos = nowNanos;
    }
    if (headerStarted && !headerSeen) {
      headerSeen = true;
      headerStartedNanos = nowNanos;
    }
    if (headerStarted && nowNanos - headerStartedNanos > headerNanos) {
      return Overdue.HEADER;
    }
    return nowNanos - activeNanos > idleNanos ? Overdue.IDLE : Overdue.NOTHING;
  }

  /**
   * The client may still be sending when the connection is closed: it must not be reset.
   *
   * @return false when this guard is on no connection and can do nothing
   */
  public boolean lingerOnClose() {
    lingers = true;
    return context != null;
  }

  @Override
  public void close(ChannelHandlerContext closed, ChannelPromise promise) {
    // What waits for the batch would be lost.
    closed.flush();
    if (lingers && closed.channel() instanceof DuplexChannel channel && channel.isActive()) {
      linger(closed, channel);
      channel.closeFuture().addListener(done -> promise.trySuccess());
    } else {
      closed.close(promise);
    }
  }

  private void linger(ChannelHandlerContext closed, DuplexChannel channel) {
    if (lingering) {
      return;
    }
    lingering = true;
    closed.executor().schedule(() -> closed.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    closed
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              channel.shutdownOutput();
              channel.config().setAutoRead(true);
            });
  }

  /**
   * Writes these bytes, through TLS where it is spoken, whatever state the layers above that are
   * in, and closes the connection.
   */
  public void closeWith(byte[] lastWords) {
    if (context != null) {
      ByteBuf bytes = Unpooled.wrappedBuffer(lastWords);
      ChannelHandlerContext tls = tls(context);
      if (tls == null) {
        context.writeAndFlush(bytes);
      } else {
        tls.writeAndFlush(bytes);
      }
      lingerOnClose();
      close();
    }
  }

  /** The layer that stands right behind TLS; what it writes and closes, TLS sees. */
  private static @Nullable ChannelHandlerContext tls(ChannelHandlerContext context) {
    return context.pipeline().context(TlsBoundary.class);
  }

  /** Closes the connection; TLS says that it ends, unless it never began. */
  public void close() {
    if (context != null) {
      ChannelHandlerContext tls = handshaking ? null : tls(context);
      if (tls == null) {
        close(context, context.newPromise());
      } else {
        tls.close();
      }
    }
  }

  /** Gives a handshake up that is {@link Overdue#HANDSHAKE}. */
  public void closeLateHandshake() {
    if (context != null) {
      if (secured) {
        context.fireUserEventTriggered(
            new SslHandshakeCompletionEvent(new SslHandshakeTimeoutException("too late")));
      }
      lingers = false;
      context.close();
    }
  }
}
