package io.sentinelgateway.inquiry;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.sentinelgateway.config.HostHeader;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.http.ConnectionOptions;
import io.sentinelgateway.http.HopByHop;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.Connections;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One try to get an answer. Whatever happens, lease and connection go back exactly once, in {@link
 * #finish}. Confined to one event loop.
 */
final class InquiryAttempt implements Connections.Waiter, AnswerReceiver {

  private static final int MOST_CONTENT = 64 << 10;

  private final Inquiry inquiry;
  private final Loop loop;
  private final Lease lease;
  private final Context context;
  private final MultiMap fields = HttpHeaders.headers();
  private final Buffer content = Buffer.buffer();
  private @Nullable Connection connection;
  private int status;
  private boolean finished;

  InquiryAttempt(Inquiry inquiry, Lease lease) {
    this.inquiry = inquiry;
    this.loop = inquiry.exchange().loop();
    this.lease = lease;
    this.context = loop.vertx().getOrCreateContext();
  }

  /**
   * @param renewed true when a pooled connection may just have turned out to be dead
   */
  void begin(boolean renewed) {
    if (renewed) {
      loop.connections().renew(target(), this);
    } else {
      loop.connections().acquire(target(), this);
    }
  }

  private Target target() {
    return lease.target();
  }

  @Override
  public void acquired(Connection acquired) {
    if (finished) {
      acquired.release(true);
      return;
    }
    connection = acquired;
    Question question = inquiry.question();
    acquired.begin(question.method(), question.target(), this);
    acquired.field(HttpHeaderNames.HOST, host());
    for (Map.Entry<String, String> line : question.fields()) {
      acquired.field(line.getKey(), line.getValue());
    }
    acquired.endHead(0);
    acquired.end(null);
  }

  private String host() {
    HostHeader settings = target().settings().host();
    Exchange exchange = inquiry.exchange();
    String said = exchange.head().fields().get(HttpHeaders.HOST);
    if (settings.preserve() && said != null) {
      return said;
    }
    if (!settings.preserve() && !settings.target()) {
      return settings.value();
    }
    return target().key().address().unix() ? "localhost" : target().name();
  }

  @Override
  public void refused(Throwable cause) {
    // What our own pool refused is no fault of the target.
    fail(Outcome.IGNORED, cause);
  }

  @Override
  public void moved() {
    fail(Outcome.IGNORED, ProxyError.of(Cause.NO_TARGET_AVAILABLE, target().name()).toException());
  }

  @Override
  public void writable() {}

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
    status = answered;
    lease.answered(loop.nanoTime());
    if (answered < 200 || length > MOST_CONTENT) {
      tooMuch();
    }
  }

  private void tooMuch() {
    fail(
        Outcome.IGNORED,
        ProxyError.of(Cause.UPSTREAM_MALFORMED, "more than " + MOST_CONTENT + " bytes")
            .toException());
  }

  @Override
  public void content(ByteBuf chunk) {
    byte[] bytes = new byte[chunk.readableBytes()];
    chunk.readBytes(bytes).release();
    content.appendBytes(bytes);
    if (content.length() > MOST_CONTENT) {
      tooMuch();
    }
  }

  @Override
  public void quiet() {}

  @Override
  public void end(MultiMap trailers) {
    if (finished) {
      return;
    }
    HopByHop.removeFrom(fields, ConnectionOptions.of(fields));
    fields.remove(HttpHeaders.CONTENT_LENGTH);
    finish(Outcome.of(status), true);
    inquiry.answered(new Reply(status, fields, content));
  }

  @Override
  public void failed(Throwable cause) {
    fail(Outcome.FAILURE, cause);
  }

  private void fail(Outcome outcome, Throwable cause) {
    if (!finished) {
      finish(outcome, false);
      ProxyError error =
          cause instanceof ProxyException known
              ? known.error()
              : ProxyError.of(Cause.UPSTREAM_RESET, target().name());
      inquiry.failed(target(), status != 0, error);
    }
  }

  /** The answer is not waited for any more. */
  void cancel() {
    if (!finished) {
      finish(Outcome.IGNORED, false);
    }
  }

  private void finish(Outcome outcome, boolean reusable) {
    finished = true;
    lease.release(outcome, loop.nanoTime());
    loop.attempted(target().key().upstream(), outcome);
    if (connection == null) {
      loop.connections().withdraw(target(), this);
    } else {
      connection.release(reusable);
    }
  }
}
