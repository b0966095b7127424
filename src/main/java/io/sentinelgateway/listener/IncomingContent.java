package io.sentinelgateway.listener;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.RequestBody;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The content of a request as it comes from the client. Confined to one event loop. */
final class IncomingContent implements RequestBody {

  private final HttpServerRequest request;
  private final long limit;
  private final long length;
  private final boolean expectsContinue;
  private long received;
  private boolean reading;
  private boolean paused;
  private boolean complete;
  private boolean failed;

  /**
   * @param limit most bytes; {@link Long#MAX_VALUE} for no limit
   */
  IncomingContent(HttpServerRequest request, long limit) {
    this.request = request;
    this.limit = limit;
    String field = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    if (field != null) {
      length = parse(field);
    } else {
      length = unannounced(request) ? -1 : 0;
    }
    complete = length == 0;
    expectsContinue = !complete && request.headers().contains(HttpHeaders.EXPECT);
    if (!complete) {
      request.pause();
    }
  }

  private static boolean unannounced(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        ? !Wire.endsWithHead(request)
        : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** A malformed length is refused before anybody asks for the content. */
  private static long parse(String field) {
    try {
      return Long.parseLong(field);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /** True when the announced length alone is too much. */
  boolean tooLarge() {
    return length > limit;
  }

  /** True when the last byte was read, or there is none. */
  boolean complete() {
    return complete;
  }

  long received() {
    return received;
  }

  /** What to do when it turns out to be malformed before anybody reads it. */
  void onBroken(Consumer<ProxyError> action) {
    if (!complete) {
      request.exceptionHandler(
          t -> {
            if (!failed && !left(t)) {
              failed = true;
              action.accept(ProxyError.of(Cause.MALFORMED_REQUEST, "content"));
            }
          });
    }
  }

  /** True when what is left can be read and dropped faster than a new connection is made. */
  boolean cheapToDiscard(long most) {
    return complete || (!failed && !expectsContinue && length >= 0 && length - received <= most);
  }

  @Override
  public boolean present() {
    return length != 0;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean started() {
    return received > 0;
  }

  @Override
  public void read(Handler<Buffer> chunk, Handler<Void> ended, Handler<Throwable> failure) {
    reading = true;
    paused = false;
    request.exceptionHandler(t -> fail(t, failure));
    request.endHandler(
        v -> {
          complete = true;
          ended.handle(null);
        });
    request.handler(
        bytes -> {
          received += bytes.length();
          if (received > limit) {
            request.pause();
            fail(ProxyError.of(Cause.CONTENT_TOO_LARGE, limitText()).toException(), failure);
          } else {
            chunk.handle(bytes);
          }
        });
    request.resume();
  }

  private String limitText() {
    return "limits.content-bytes " + limit;
  }

  private void fail(Throwable t, Handler<Throwable> failure) {
    if (!failed) {
      failed = true;
      Cause cause = left(t) ? Cause.CLIENT_GONE : Cause.MALFORMED_REQUEST;
      boolean known = t instanceof io.sentinelgateway.error.ProxyException;
      failure.handle(known ? t : ProxyError.of(cause, "content").toException(t));
    }
  }

  /** A connection that was closed, or reset; all else is about the bytes that came. */
  private static boolean left(Throwable t) {
    return t instanceof HttpClosedException
        || t instanceof StreamResetException
        || t instanceof IOException;
  }

  /** True when somebody wants the next bytes and the client has not sent them. */
  boolean awaited() {
    return reading && !paused && !complete;
  }

  @Override
  public void pause() {
    paused = true;
    // What has been read to its end must not be touched.
    if (!complete) {
      request.pause();
    }
  }

  @Override
  public void resume() {
    paused = false;
    if (!complete) {
      request.resume();
    }
  }

  @Override
  public void discard() {
    if (!complete) {
      if (!reading) {
        request.exceptionHandler(t -> failed = true);
        request.endHandler(v -> complete = true);
      }
      request.handler(bytes -> received += bytes.length());
      request.resume();
    }
  }

  @Override
  public @Nullable MultiMap trailers() {
    return length < 0 ? Wire.takeTrailers(request) : null;
  }

  @Override
  public void sendContinue() {
    if (expectsContinue && !request.response().headWritten()) {
      request.response().writeContinue();
    }
  }
}
