package io.sentinelgateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.MirrorResult;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.Connections;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one try to send a copy of a request. What comes back is read and dropped, so that the
 * connection can serve again, unless it is long. Whatever happens, lease, connection and place go
 * back exactly once, in {@link #finish}. Confined to one event loop.
 */
final class MirrorAttempt implements Connections.Waiter, AnswerReceiver {

  private static final Logger LOG = LoggerFactory.getLogger(MirrorAttempt.class);
  private static final AsciiString MIRRORED = AsciiString.cached("x-mirrored");
  private static final AsciiString TRUE = AsciiString.cached("true");

  /** Content that is cheaper to read and drop than a new connection is to make. */
  private static final long CHEAP_CONTENT = 256 * 1024;

  private final Mirror mirror;
  private final Exchange exchange;
  private final Loop loop;
  private final Lease lease;
  private final Content content;
  private final Context context;
  private final MultiMap fields = HttpHeaders.headers();
  private Timers.@Nullable Timeout deadline;
  private @Nullable Connection connection;
  private int status;
  private long dropped;
  private boolean finished;

  MirrorAttempt(Mirror mirror, Exchange exchange, Lease lease, Content content) {
    this.mirror = mirror;
    this.exchange = exchange;
    this.loop = exchange.loop();
    this.lease = lease;
    this.content = content;
    this.context = loop.vertx().getOrCreateContext();
  }

  /** The content of the request, as a whole. */
  record Content(List<Buffer> chunks, @Nullable MultiMap trailers) {}

  void begin() {
    deadline = loop.timers().start(mirror.timeout(), this::fail);
    loop.connections().acquire(target(), this);
  }

  private Target target() {
    return lease.target();
  }

  // The request.

  @Override
  public void acquired(Connection acquired) {
    if (finished) {
      acquired.release(true);
      return;
    }
    connection = acquired;
    try {
      RequestFields.write(exchange, target(), acquired, this, null);
      acquired.field(MIRRORED, TRUE);
      // Framed as the request itself; all of it at once, for there is a limit to what is kept.
      acquired.endHead(exchange.content().length());
      content.chunks().forEach(chunk -> acquired.content(Wire.bytes(chunk)));
      MultiMap trailers = content.trailers();
      acquired.end(trailers == null ? null : ResponseFields.endToEnd(trailers));
    } catch (RuntimeException bug) {
      LOG.error("request {}: the copy failed by a bug", exchange.requestId(), bug);
      finish(Outcome.IGNORED, MirrorResult.FAILED, false);
    }
  }

  @Override
  public void refused(Throwable cause) {
    boolean ours = cause instanceof ProxyException known && !OriginFailures.blames(known.error());
    finish(ours ? Outcome.IGNORED : Outcome.FAILURE, MirrorResult.FAILED, false);
  }

  @Override
  public void moved() {
    finish(Outcome.IGNORED, MirrorResult.FAILED, false);
  }

  @Override
  public void writable() {}

  // The answer.

  @Override
  public Context context() {
    return context;
  }

  @Override
  public MultiMap fields() {
    return fields;
  }

  @Override
  public void interim(int interimStatus, MultiMap interimFields) {}

  @Override
  public void head(int answered, long length) {
    if (answered < 200) {
      fail();
      return;
    }
    status = answered;
    lease.answered(loop.nanoTime());
    if (length > CHEAP_CONTENT) {
      answered(false);
    }
  }

  @Override
  public void content(ByteBuf chunk) {
    dropped += chunk.readableBytes();
    chunk.release();
    if (dropped > CHEAP_CONTENT) {
      answered(false);
    }
  }

  @Override
  public void quiet() {}

  @Override
  public void end(MultiMap trailers) {
    answered(true);
  }

  @Override
  public void failed(Throwable cause) {
    fail();
  }

  private void answered(boolean reusable) {
    finish(Outcome.of(status), MirrorResult.of(status), reusable);
  }

  private void fail() {
    finish(Outcome.FAILURE, MirrorResult.FAILED, false);
  }

  private void finish(Outcome outcome, MirrorResult result, boolean reusable) {
    if (finished) {
      return;
    }
    finished = true;
    if (deadline != null) {
      deadline.cancel();
    }
    lease.release(outcome, loop.nanoTime());
    loop.attempted(target().key().upstream(), outcome);
    mirror.ended(loop, result);
    if (connection == null) {
      loop.connections().withdraw(target(), this);
    } else {
      connection.release(reusable);
    }
  }
}
