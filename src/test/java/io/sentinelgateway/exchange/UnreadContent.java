package io.sentinelgateway.exchange;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;

/**
 * Content of which only the length matters, because nobody reads it.
 *
 * @param length in bytes; -1: not known in advance
 */
public record UnreadContent(long length) implements RequestBody {

  /** No content. */
  public static final UnreadContent NONE = new UnreadContent(0);

  @Override
  public boolean present() {
    return length != 0;
  }

  @Override
  public boolean started() {
    return false;
  }

  @Override
  public void read(Handler<Buffer> chunk, Handler<Void> ended, Handler<Throwable> failed) {
    throw new IllegalStateException("somebody reads it");
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
