package io.sentinelgateway.origin;

import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.config.PingConfig;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.streams.OriginSession;
import io.sentinelgateway.target.Connection;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection in its pool: many requests at once, and no more of them once it is worn or
 * the origin server says GOAWAY. Confined to its event loop.
 */
final class Http2Connection implements Pooled, OriginSession.Owner {

  private final TargetPool pool;
  private final Wear wear;
  private final Opening opening;
  private final OriginSession session;
  private final Timers.Timeout patience;
  private boolean ready;
  private boolean over;
  private boolean closing;
  private @Nullable Closed why;
  private boolean promised;

  /** Who waits for the connection to be ready. Called once. */
  interface Opening {

    void ready(Http2Connection connection);

    void failed(Throwable cause);
  }

  /**
   * Takes the channel over.
   *
   * @param left how long the origin server may take to say that it speaks HTTP/2
   */
  Http2Connection(
      TargetPool pool, Channel channel, LoopSide side, Wear wear, Duration left, Opening opening) {
    this.pool = pool;
    this.wear = wear;
    this.opening = opening;
    this.patience = side.loop().timers().start(left, this::tooLate);
    PingConfig ping = pool.settings().ping().orElse(null);
    this.session = new OriginSession(channel, side.surroundings(), ping, this);
  }

  private void tooLate() {
    if (!ready) {
      fail(new ConnectTimeoutException("no SETTINGS"));
      session.close();
    }
  }

  private void fail(Throwable cause) {
    if (!over) {
      over = true;
      opening.failed(cause);
    }
  }

  // What the session says.

  @Override
  public void ready() {
    patience.cancel();
    if (over) {
      return;
    }
    if (session.usable()) {
      ready = true;
      opening.ready(this);
    } else {
      session.close();
    }
  }

  @Override
  public void freed() {
    pool.streams(-1);
    roomChanged();
  }

  @Override
  public void roomChanged() {
    if (closing) {
      closeWhenIdle();
    } else if (session.usable()) {
      pool.roomChanged(this);
    } else {
      leaving();
    }
  }

  @Override
  public void leaving() {
    close(Closed.ORIGIN);
    if (ready) {
      pool.roomChanged(this);
    }
  }

  @Override
  public void ended(@Nullable Throwable cause) {
    patience.cancel();
    if (ready) {
      boolean ours = cause != null && !(cause instanceof IOException);
      Closed last = ours ? Closed.ERROR : Closed.ORIGIN;
      closing = true;
      pool.closed(this, why == null ? last : why);
    } else {
      fail(new NoHttp2Exception(cause));
    }
  }

  // What the pool wants.

  @Override
  public int streams() {
    return Math.min(pool.settings().maxStreams(), session.allowed());
  }

  @Override
  public int room() {
    return closing ? 0 : streams() - session.inFlight();
  }

  @Override
  public boolean idle() {
    return session.inFlight() == 0;
  }

  @Override
  public boolean reused() {
    return session.used();
  }

  @Override
  public Connection lease() {
    wear.carry();
    pool.streams(1);
    return session.lease();
  }

  @Override
  public Wear wear() {
    return wear;
  }

  @Override
  public @Nullable Closed worn(long nowNanos, ConnectionsConfig settings) {
    return closing || !session.usable() ? Closed.ORIGIN : wear.out(nowNanos, settings);
  }

  @Override
  public void close(Closed reason) {
    if (why == null) {
      why = reason;
    }
    closing = true;
    closeWhenIdle();
  }

  private void closeWhenIdle() {
    if (idle()) {
      session.close();
    }
  }

  @Override
  public void giveUp() {
    promised = true;
    close(Closed.SURPLUS);
  }

  @Override
  public boolean promised() {
    return promised;
  }

  @Override
  public String toString() {
    return pool.key().toString();
  }
}
