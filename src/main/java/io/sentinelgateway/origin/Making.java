package io.sentinelgateway.origin;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.observe.PoolMetrics.Opened;
import io.sentinelgateway.target.TargetTls;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/**
 * One connection that is being made: the PROXY header, then TLS, then what HTTP/2 has to agree on,
 * as far as the target wants them. Confined to one event loop.
 */
final class Making implements Http2Connection.Opening {

  private final TargetPool pool;
  private final LoopSide side;
  private final Connects connects;
  private final Opened why;
  private final boolean probe;
  private final long begunNanos;

  /**
   * @param connects is told the end, once
   * @param probe whether more will be made only if this one can be
   */
  Making(TargetPool pool, LoopSide side, Connects connects, Opened why, boolean probe) {
    this.pool = pool;
    this.side = side;
    this.connects = connects;
    this.why = why;
    this.probe = probe;
    this.begunNanos = side.loop().nanoTime();
  }

  Opened why() {
    return why;
  }

  boolean probe() {
    return probe;
  }

  /** Nanoseconds since it began. */
  long spent() {
    return side.loop().nanoTime() - begunNanos;
  }

  private Duration left() {
    return pool.settings().connectTimeout().minusNanos(spent());
  }

  /**
   * @param preface what is sent before everything else, a character for each byte; empty for
   *     nothing
   */
  void begin(String preface) {
    side.dialer()
        .dial(
            pool.key().address(),
            pool.settings(),
            channel -> connected(channel, preface),
            this::failed);
  }

  private void connected(Channel channel, String preface) {
    TargetTls tls = pool.target().tls();
    if (!preface.isEmpty()) {
      ProxyHeader.send(preface, channel);
    }
    if (!channel.isActive()) {
      // Closed before anybody could listen to it: nobody would ever be told.
      failed(new ClosedChannelException());
    } else if (tls == null) {
      speak(channel, pool.target().settings().protocol() == OriginProtocol.HTTP2);
    } else {
      secure(channel, tls);
    }
  }

  private void secure(Channel channel, TargetTls tls) {
    long limitMillis = Math.max(1, left().toMillis());
    SslHandler handler = tls.handler(channel.alloc(), pool.key().address(), limitMillis);
    OriginHandshake.begin(
        channel,
        handler,
        side.lane().home(),
        () -> secured(channel, handler),
        t -> connects.failed(ConnectFailures.inHandshake(t), t, this));
  }

  private void secured(Channel channel, SslHandler tls) {
    connects.secured(tls.engine().getSession().getProtocol());
    boolean agreed = ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
    if (pool.target().settings().protocol() == OriginProtocol.HTTP2 && !agreed) {
      channel.close();
      failed(new NoHttp2Exception(null));
    } else {
      speak(channel, agreed);
    }
  }

  private void speak(Channel channel, boolean multiplexed) {
    Wear wear = new Wear(side.loop().nanoTime(), ageShare());
    if (multiplexed) {
      new Http2Connection(pool, channel, side, wear, left(), this);
    } else {
      connects.ready(new Http1Connection(pool, channel, side.lane(), wear), this);
    }
  }

  /** Connections of one moment shall not end in one moment. */
  private double ageShare() {
    return 0.9 + 0.2 * side.loop().random().nextDouble();
  }

  @Override
  public void ready(Http2Connection connection) {
    connects.ready(connection, this);
  }

  @Override
  public void failed(Throwable cause) {
    connects.failed(ConnectFailures.cause(cause), cause, this);
  }
}
