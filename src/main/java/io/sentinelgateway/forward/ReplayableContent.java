package io.sentinelgateway.forward;

import io.sentinelgateway.exchange.RequestBody;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request's content that can be read again from its begin, one reader after the other, as long as
 * what was handed out fits into a bounded buffer. Confined to the event loop of the request.
 */
final class ReplayableContent implements RequestBody {

  /** However small they are: a buffer costs more than its bytes. */
  private static final int MOST_CHUNKS = 256;

  private final RequestBody source;
  private final long limit;
  private final List<Buffer> kept = new ArrayList<>(4);
  private @Nullable Handler<Buffer> chunkHandler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> failureHandler;
  private @Nullable Throwable failure;
  private @Nullable MultiMap trailers;
  private long keptBytes;
  private int next;
  private boolean reading;
  private boolean ended;
  private boolean paused;
  private boolean sourcePaused;
  private boolean delivering;
  private boolean lost;

  /**
   * @param limit most bytes to keep
   */
  ReplayableContent(RequestBody source, long limit) {
    this.source = source;
    this.limit = limit;
  }

  @Override
  public boolean present() {
    return source.present();
  }

  @Override
  public long length() {
    return source.length();
  }

  /** True only when something was handed out that cannot be handed out again. */
  @Override
  public boolean started() {
    return lost;
  }

  /** The reader before hears nothing any more. Not allowed once {@link #started}. */
  @Override
  public void read(Handler<Buffer> chunk, Handler<Void> end, Handler<Throwable> failed) {
    chunkHandler = chunk;
    endHandler = end;
    failureHandler = failed;
    next = 0;
    paused = false;
    if (reading) {
      deliver();
    } else {
      reading = true;
      source.read(this::arrived, v -> complete(), this::broken);
    }
  }

  private void arrived(Buffer chunk) {
    keptBytes += chunk.length();
    kept.add(chunk);
    deliver();
  }

  private void complete() {
    ended = true;
    deliver();
  }

  private void broken(Throwable t) {
    failure = t;
    deliver();
  }

  private void deliver() {
    if (delivering) {
      return;
    }
    delivering = true;
    while (!paused && next < kept.size() && chunkHandler != null) {
      // A view of its own: whoever sends it moves the positions of its buffer.
      chunkHandler.handle(kept.get(next++).slice());
    }
    delivering = false;
    forget();
    if (!paused && next == kept.size()) {
      finish();
    }
  }

  private void forget() {
    if (keptBytes > limit || kept.size() > MOST_CHUNKS) {
      lost = true;
    }
    if (lost && next == kept.size()) {
      kept.clear();
      next = 0;
    }
  }

  private void finish() {
    Handler<Throwable> failed = failureHandler;
    Handler<Void> end = endHandler;
    if (failure != null && failed != null) {
      failureHandler = null;
      failed.handle(failure);
    } else if (ended && end != null) {
      endHandler = null;
      end.handle(null);
    } else if (sourcePaused) {
      sourcePaused = false;
      source.resume();
    }
  }

  @Override
  public void pause() {
    paused = true;
    sourcePaused = true;
    source.pause();
  }

  @Override
  public void resume() {
    paused = false;
    deliver();
  }

  @Override
  public void discard() {
    chunkHandler = null;
    endHandler = null;
    failureHandler = null;
    kept.clear();
    next = 0;
    lost = true;
    source.discard();
  }

  @Override
  public void sendContinue() {
    source.sendContinue();
  }

  @Override
  public @Nullable MultiMap trailers() {
    if (trailers == null) {
      // They can be taken from the source only once.
      trailers = source.trailers();
    }
    return trailers;
  }
}
