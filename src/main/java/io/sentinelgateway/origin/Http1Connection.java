package io.sentinelgateway.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPipeline;
import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.target.Connection;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an origin server. Confined to its event loop.
 *
 * <p>It goes back to its pool only when all has been looked at that arrived together with the end
 * of an answer: what an origin server sent behind it, or its close, must not meet the next request.
 */
final class Http1Connection implements Connection, Pooled {

  private final TargetPool pool;
  private final Channel channel;
  private final RequestEncoder request;
  private final AnswerReader answer;
  private final Wear wear;
  private boolean leased;
  private boolean returning;
  private boolean reused;
  private boolean closed;
  private @Nullable Closed why;
  private boolean promised;

  /** Takes the channel over. */
  Http1Connection(TargetPool pool, Channel channel, Lane lane, Wear wear) {
    this.pool = pool;
    this.channel = channel;
    this.wear = wear;
    AnswerDecoder decoder = new AnswerDecoder();
    this.answer = new AnswerReader(this, decoder, lane.home());
    channel.pipeline().addLast("answer-decoder", decoder).addLast("answer-reader", answer);
    this.request = new RequestEncoder(channel.pipeline().context(answer), lane);
    // A request that cannot be written any more may still be answered: an origin server that
    // refuses an upload answers and closes.
    channel.config().setAutoClose(false);
  }

  // The request.

  @Override
  public void begin(String method, String target, AnswerReceiver receiver) {
    wear.carry();
    answer.expect(method.equals("HEAD"), receiver);
    request.begin(method, target);
  }

  @Override
  public void field(CharSequence name, CharSequence value) {
    request.field(name, value);
  }

  @Override
  public void endHead(long length) {
    request.endHead(length < 0);
  }

  @Override
  public void content(ByteBuf chunk) {
    if (closed) {
      chunk.release();
    } else {
      request.content(chunk);
    }
  }

  @Override
  public void end(@Nullable MultiMap trailers) {
    request.end(trailers);
  }

  @Override
  public void flush() {
    request.flush();
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public void pause() {
    channel.config().setAutoRead(false);
  }

  @Override
  public void resume() {
    channel.config().setAutoRead(true);
  }

  @Override
  public void handOver(ChannelInboundHandler next) {
    answer.forget();
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addBefore("answer-reader", "tunnel", next);
    // What it has read already comes out now.
    pipeline.remove("answer-decoder");
  }

  // The pool.

  @Override
  public Connection lease() {
    leased = true;
    return this;
  }

  @Override
  public int streams() {
    return 1;
  }

  @Override
  public int room() {
    return leased ? 0 : 1;
  }

  @Override
  public boolean idle() {
    return !leased;
  }

  @Override
  public Wear wear() {
    return wear;
  }

  @Override
  public boolean reused() {
    return reused;
  }

  @Override
  public void release(boolean reusable) {
    if (!leased) {
      return;
    }
    leased = false;
    answer.forget();
    if (!reusable || !answer.reusable()) {
      close(answer.endsConnection() ? Closed.ORIGIN : Closed.ERROR);
    } else if (answer.reading()) {
      returning = true;
    } else {
      giveBack();
    }
  }

  private void giveBack() {
    reused = wear.used();
    resume();
    pool.released(this);
  }

  /** Nothing is under way, and what was read from the socket has been looked at. */
  void allRead(boolean leftover) {
    boolean free = returning;
    returning = false;
    if (leftover) {
      close(Closed.ERROR);
    } else if (free && !closed) {
      giveBack();
    }
  }

  /** The origin server closes it after so long a rest. */
  void restLimit(int seconds) {
    wear.restLimit(seconds);
  }

  @Override
  public @Nullable Closed worn(long nowNanos, ConnectionsConfig settings) {
    return closed ? Closed.ORIGIN : wear.out(nowNanos, settings);
  }

  /** The first reason is the one that counts. */
  @Override
  public void close(Closed reason) {
    if (why == null) {
      why = reason;
    }
    closed = true;
    returning = false;
    channel.close();
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

  /** There is no way to send anything any more. */
  void markClosed() {
    closed = true;
    returning = false;
    request.release();
  }

  /** It has ended, by whomever, and whoever waited for an answer knows. */
  void closed() {
    pool.closed(this, why == null ? Closed.ORIGIN : why);
  }

  @Override
  public String toString() {
    return pool.key().toString();
  }
}
