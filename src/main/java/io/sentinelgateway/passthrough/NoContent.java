package io.sentinelgateway.passthrough;

import io.sentinelgateway.exchange.RequestBody;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;

/** What a connection, shown as a request, has for content. Stateless. */
enum NoContent implements RequestBody {
  INSTANCE;

  @Override
  public boolean present() {
    return false;
  }

  @Override
  public long length() {
    return 0;
  }

  @Override
  public boolean started() {
    return false;
  }

  @Override
  public void read(Handler<Buffer> chunk, Handler<Void> ended, Handler<Throwable> failed) {
    ended.handle(null);
  }

  @Override
  public void pause() {}

  @Override
  public void resume() {}

  @Override
  public void discard() {}

  @Override
  public void sendContinue() {}
}
