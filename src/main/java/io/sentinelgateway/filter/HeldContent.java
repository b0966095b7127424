package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.RequestBody;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a request, held back up to a limit until somebody has judged it; what is beyond
 * the limit waits where it comes from. Confined to the event loop of the request.
 */
final class HeldContent implements RequestBody {

  private final RequestBody source;
  private final long limit;
  private Buffer held = Buffer.buffer();
  private @Nullable Buffer replacement;
  private @Nullable Handler<Buffer> chunkHandler;
  private @Nullable Handler<Void> endHandler;
  private Handler<Throwable> failureHandler = failure -> {};
  private @Nullable Throwable failure;
  private @Nullable Runnable collected;
  private boolean begun;
  private boolean ended;
  private boolean over;
  private boolean paused;
  private boolean released;

  HeldContent(RequestBody source, long limit) {
    this.source = source;
    this.limit = limit;
  }

  /**
   * Begins to hold what comes.
   *
   * @param whole called once: all of it is here, or more than may be held
   * @param failed called instead when it breaks off before that
   */
  void collect(Runnable whole, Handler<Throwable> failed) {
    begun = true;
    collected = whole;
    failureHandler = failed;
    // A client that waits for 100 would wait for ever: nobody else asks for the content now.
    source.sendContinue();
    source.read(this::arrived, v -> complete(), this::broken);
  }

  private void arrived(Buffer chunk) {
    if (released) {
      // More than was held: from here on it flows.
      deliver(chunk);
      return;
    }
    held.appendBuffer(chunk);
    if (held.length() > limit && !over) {
      over = true;
      source.pause();
      ready();
    }
  }

  private void complete() {
    ended = true;
    if (released) {
      finish();
    } else {
      ready();
    }
  }

  private void broken(Throwable cause) {
    failure = cause;
    failureHandler.handle(cause);
  }

  private void ready() {
    Runnable waiting = collected;
    collected = null;
    if (waiting != null) {
      waiting.run();
    }
  }

  /** True when there is more than may be held. */
  boolean over() {
    return over;
  }

  /** What is held; a view. */
  Buffer held() {
    return over ? held.slice(0, (int) limit) : held;
  }

  /**
   * Puts other content in place of what is held; what is beyond follows it.
   *
   * @param instead may be empty
   */
  void replace(Buffer instead) {
    Buffer beyond = over ? held.slice((int) limit, held.length()) : Buffer.buffer();
    replacement = Buffer.buffer(instead.length() + beyond.length()).appendBuffer(instead);
    replacement.appendBuffer(beyond);
  }

  private Buffer kept() {
    return replacement == null ? held : replacement;
  }

  @Override
  public boolean present() {
    return source.present();
  }

  @Override
  public long length() {
    if (!begun || replacement == null) {
      return source.length();
    }
    return over ? -1 : replacement.length();
  }

  @Override
  public boolean started() {
    return released;
  }

  @Override
  public void read(Handler<Buffer> chunk, Handler<Void> end, Handler<Throwable> failed) {
    if (!begun) {
      source.read(chunk, end, failed);
      return;
    }
    released = true;
    chunkHandler = chunk;
    endHandler = end;
    failureHandler = failed;
    if (failure != null) {
      failed.handle(failure);
      return;
    }
    Buffer first = kept();
    held = Buffer.buffer();
    replacement = over ? null : replacement;
    deliver(first);
    finish();
    if (!ended && !paused) {
      source.resume();
    }
  }

  private void deliver(Buffer bytes) {
    if (chunkHandler != null && bytes.length() > 0) {
      chunkHandler.handle(bytes);
    }
  }

  private void finish() {
    Handler<Void> end = endHandler;
    if (ended && !paused && end != null) {
      endHandler = null;
      end.handle(null);
    }
  }

  @Override
  public void pause() {
    paused = true;
    source.pause();
  }

  @Override
  public void resume() {
    paused = false;
    finish();
    if (!ended) {
      source.resume();
    }
  }

  @Override
  public void discard() {
    chunkHandler = null;
    endHandler = null;
    collected = null;
    failureHandler = cause -> {};
    held = Buffer.buffer();
    source.discard();
  }

  @Override
  public void sendContinue() {
    if (!begun) {
      source.sendContinue();
    }
  }

  @Override
  public @Nullable MultiMap trailers() {
    return source.trailers();
  }
}
