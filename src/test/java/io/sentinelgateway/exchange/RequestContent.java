package io.sentinelgateway.exchange;

import io.sentinelgateway.error.ProxyError;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** The content of a library request, as plainly as the contract allows. */
final class RequestContent implements RequestBody {

  private final HttpServerRequest request;
  private final boolean present;
  private final long length;
  private boolean started;

  RequestContent(HttpServerRequest request) {
    this.request = request;
    String declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    this.length = declared != null ? Long.parseLong(declared) : chunked ? -1 : 0;
    this.present = length != 0;
    request.pause();
  }

  @Override
  public boolean present() {
    return present;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean started() {
    return started;
  }

  @Override
  public void read(Handler<Buffer> chunk, Handler<Void> ended, Handler<Throwable> failed) {
    started = true;
    request.exceptionHandler(
        t -> failed.handle(ProxyError.of(ProxyError.Cause.CLIENT_GONE, "").toException(t)));
    request.handler(chunk);
    request.endHandler(ended);
    request.resume();
  }

  @Override
  public void pause() {
    request.pause();
  }

  @Override
  public void resume() {
    request.resume();
  }

  @Override
  public void discard() {
    request.resume();
  }

  @Override
  public void sendContinue() {
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      request.response().writeContinue();
    }
  }
}
