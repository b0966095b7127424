package io.sentinelgateway.forward;

import io.netty.buffer.ByteBuf;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.tunnel.TunnelLimits;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * The answer side of an attempt: hands what the origin server answers to the client's response, or
 * drops it when another attempt is to replace it. Confined to one event loop.
 */
final class AnswerRelay implements AnswerReceiver {

  private final Attempt attempt;
  private final Exchange exchange;
  private final Context context;
  private final MultiMap fields;
  private @Nullable OriginBody body;
  private @Nullable Discarded discarded;

  /**
   * @param fields where the field lines of the head are put; empty
   */
  AnswerRelay(Attempt attempt, Exchange exchange, MultiMap fields) {
    this.attempt = attempt;
    this.exchange = exchange;
    this.fields = fields;
    this.context = exchange.loop().vertx().getOrCreateContext();
  }

  @Override
  public Context context() {
    return context;
  }

  @Override
  public MultiMap fields() {
    return fields;
  }

  @Override
  public void interim(int status, MultiMap hints) {
    HttpServerResponse out = exchange.request().response();
    if (status == 100) {
      exchange.content().sendContinue();
    } else if (exchange.version() != HttpVersion.HTTP_1_0
        && !out.headWritten()
        && !out.writeQueueFull()) {
      // RFC 9110 section 15.2: HTTP/1.0 knows no interim answers, and anybody may do without. To
      // whoever does not read they are not sent: they must not pile up.
      out.writeEarlyHints(ResponseFields.endToEnd(hints));
    }
  }

  @Override
  public void head(int status, long length) {
    if (status == 101 && Upgrades.agreed(exchange, fields)) {
      attempt.switched();
    } else if (status < 200) {
      // 101 without our asking; the bytes that follow belong to no protocol we speak here.
      attempt.fail(ProxyError.of(Cause.UPSTREAM_MALFORMED, "status " + status));
    } else {
      attempt.headCame(status, length);
    }
  }

  /** The answer is the client's. */
  void pass(Connection connection, int status, long length) {
    exchange.response().status(status);
    ResponseFields.adapt(fields, status);
    if (length != 0) {
      body =
          new OriginBody(
              connection, length, () -> attempt.abort(ProxyError.of(Cause.CLIENT_GONE, "")));
      exchange.response().body(body);
    } else {
      exchange.response().body(Body.NONE);
    }
  }

  /** The connection is the client's, whole. */
  void passTunnel(Connection connection, Upgrades upgrades) {
    TunnelLimits limits = upgrades.limits(exchange, fields);
    exchange.response().status(101);
    ResponseFields.adapt(fields, 101);
    exchange.response().body(new OriginTunnel(attempt, exchange, connection, limits));
  }

  /** The answer is nobody's; the connection goes back when it has been read. */
  void discard(Connection connection, long length) {
    discarded = Discarded.of(connection, exchange.loop(), length);
  }

  @Override
  public void content(ByteBuf chunk) {
    if (discarded != null) {
      discarded.content(chunk);
    } else if (body != null) {
      body.chunk(chunk);
    } else {
      chunk.release();
    }
  }

  @Override
  public void quiet() {
    OriginBody content = body;
    if (content != null) {
      content.quiet();
      attempt.awaitContent(content);
    }
  }

  @Override
  public void end(MultiMap trailers) {
    if (discarded != null) {
      discarded.end();
      return;
    }
    attempt.answerComplete();
    OriginBody content = body;
    if (content != null) {
      content.end(ResponseFields.endToEnd(trailers));
    }
  }

  @Override
  public void writable() {
    attempt.writable();
  }

  @Override
  public void failed(Throwable cause) {
    if (discarded != null) {
      discarded.failed();
    } else {
      attempt.refused(cause);
    }
  }

  /** The rest of an answer that the client has begun to get will not come. */
  void breakOff(ProxyError error) {
    OriginBody content = body;
    if (content != null) {
      content.fail(error.toException());
    }
  }
}
