package io.sentinelgateway.runtime;

import io.sentinelgateway.exchange.RequestBody;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;

/** The content of a request that is only talked about: there is none. Stateless. */
final class ImaginedContent implements RequestBody {

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
