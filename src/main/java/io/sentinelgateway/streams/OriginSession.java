package io.sentinelgateway.streams;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import io.sentinelgateway.config.PingConfig;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.UnprocessedException;
import io.sentinelgateway.wire.Wire;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to an origin server. Confined to its event loop.
 *
 * <p>It is ready when the origin server's SETTINGS have come: then it is known that HTTP/2 is
 * spoken, before any request depends on it, and how many streams there may be. RFC 9113 section 3.4
 * would allow requests at once; that would save one round trip per connection, not per request.
 */
public final class OriginSession extends Http2ConnectionAdapter
    implements Http2RemoteFlowController.Listener {

  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");

  private final Surroundings surroundings;
  private final Owner owner;
  private final AsciiString scheme;
  private final SessionHandler handler;
  private final Http2Connection.PropertyKey key;
  private final Outbound outbound;
  private final Pings pings;
  private List<AnswerHandOver> touched = new ArrayList<>();
  private List<AnswerHandOver> spare = new ArrayList<>();
  private @Nullable Throwable broken;
  private int inFlight;
  private boolean started;
  private boolean used;
  private boolean ready;
  private boolean leaving;
  private int lastProcessed = Integer.MAX_VALUE;

  /** Who decides what a session is used for. Called on the event loop. */
  public interface Owner {

    /** The origin server speaks HTTP/2, and requests may be sent. */
    void ready();

    /** A request has ended, and its stream. */
    void freed();

    /** The origin server allows another number of streams. */
    void roomChanged();

    /** The origin server wants no more requests here: GOAWAY. */
    void leaving();

    /**
     * The connection is closed, and every stream with it.
     *
     * @param cause what went wrong; {@code null} for an ordinary end
     */
    void ended(@Nullable Throwable cause);
  }

  /**
   * Takes the channel over, and begins.
   *
   * @param ping how to look for silent death; {@code null} for not at all
   */
  public OriginSession(
      Channel channel, Surroundings surroundings, @Nullable PingConfig ping, Owner owner) {
    this.surroundings = surroundings;
    this.owner = owner;
    this.scheme = channel.pipeline().get(SslHandler.class) == null ? HTTP : HTTPS;
    this.pings = new Pings(this, surroundings.loop(), ping);
    this.handler = SessionHandler.of(this);
    this.key = handler.connection().newKey();
    channel.pipeline().addLast("http2", handler);
    this.outbound =
        new Outbound(channel.pipeline().context(handler), handler, key, surroundings.flushes());
    this.started = true;
  }

  // The owner's.

  /** Requests that are under way. */
  public int inFlight() {
    return inFlight;
  }

  /** Streams that the origin server allows at once. */
  public int allowed() {
    return handler.connection().local().maxActiveStreams();
  }

  /** False when no further request can be sent, however long one waits. */
  public boolean usable() {
    return !leaving
        && allowed() > 0
        && handler.connection().local().lastStreamCreated() < Integer.MAX_VALUE - 2;
  }

  /** One more request. */
  public Connection lease() {
    boolean again = used;
    used = true;
    inFlight++;
    return new OriginStream(this, again);
  }

  /** True when it has carried a request. */
  public boolean used() {
    return used;
  }

  /** Closes the connection with whatever is under way. */
  public void close() {
    leaving = true;
    outbound.close();
  }

  // The streams'.

  AsciiString scheme() {
    return scheme;
  }

  long nanoTime() {
    return surroundings.loop().nanoTime();
  }

  Outbound outbound() {
    return outbound;
  }

  void touched(AnswerHandOver answer) {
    touched.add(answer);
  }

  void freed() {
    inFlight--;
    tell(owner::freed);
  }

  /** Why a stream ended that nobody reset. */
  Throwable failure(int id) {
    if (id > lastProcessed) {
      return new UnprocessedException("GOAWAY");
    }
    return broken == null ? new ClosedChannelException() : broken;
  }

  // The connection's.

  @Nullable OriginStream stream(int id) {
    Http2Stream stream = handler.connection().stream(id);
    return stream == null ? null : stream.getProperty(key);
  }

  /** SETTINGS have come, and are in force. */
  void settings() {
    if (ready) {
      tell(owner::roomChanged);
    } else {
      ready = true;
      pings.start();
      tell(owner::ready);
    }
  }

  void flushed() {
    // The preface is flushed before anybody can write.
    if (started) {
      outbound.flushed();
    }
  }

  void heard() {
    pings.heard();
  }

  void allRead() {
    List<AnswerHandOver> all = touched;
    touched = spare;
    spare = all;
    for (int i = 0; i < all.size(); i++) {
      all.get(i).allRead();
    }
    all.clear();
  }

  void broken(Throwable cause) {
    if (broken == null) {
      broken = cause;
    }
  }

  /** Nothing can be expected of it any more. */
  void giveUp(Throwable cause) {
    broken(cause);
    close();
  }

  @Override
  public void writabilityChanged(Http2Stream stream) {
    OriginStream ours = stream.getProperty(key);
    if (ours != null) {
      ours.writabilityChanged();
    }
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    OriginStream ours = stream.getProperty(key);
    if (ours != null) {
      ours.closed();
    }
  }

  @Override
  public void onGoAwayReceived(int lastStream, long code, ByteBuf reason) {
    lastProcessed = lastStream;
    leaving = true;
    tell(owner::leaving);
  }

  void inactive() {
    leaving = true;
    pings.stop();
    tell(() -> owner.ended(broken));
  }

  private void tell(Runnable news) {
    Object before = Wire.enter(surroundings.home());
    try {
      news.run();
    } finally {
      Wire.leave(surroundings.home(), before);
    }
  }

  @Override
  public String toString() {
    return outbound.toString();
  }
}
