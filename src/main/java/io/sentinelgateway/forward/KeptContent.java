package io.sentinelgateway.forward;

import io.sentinelgateway.exchange.RequestBody;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request's content that somebody reads, and that is kept up to a limit on its way. The bytes are
 * shared with the reader, not copied. Confined to the event loop of the request.
 */
final class KeptContent implements RequestBody {

  /** Who wants the copy. Gets one of these calls, or none when the content breaks off. */
  interface Keeper {

    /** All content has passed. */
    void whole(List<Buffer> chunks, @Nullable MultiMap trailers);

    /** There is more than was to be kept; what was kept is gone. */
    void tooLarge();
  }

  private final RequestBody content;
  private final long limit;
  private final Keeper keeper;
  private @Nullable List<Buffer> chunks = new ArrayList<>(2);
  private @Nullable MultiMap trailers;
  private long kept;

  KeptContent(RequestBody content, long limit, Keeper keeper) {
    this.content = content;
    this.limit = limit;
    this.keeper = keeper;
  }

  @Override
  public boolean present() {
    return content.present();
  }

  @Override
  public long length() {
    return content.length();
  }

  @Override
  public boolean started() {
    return content.started();
  }

  @Override
  public void read(Handler<Buffer> chunk, Handler<Void> ended, Handler<Throwable> failed) {
    content.read(
        bytes -> {
          keep(bytes);
          chunk.handle(bytes);
        },
        v -> {
          trailers = content.trailers();
          ended.handle(null);
          List<Buffer> whole = chunks;
          if (whole != null) {
            // The request may go on for hours; what was kept of it must not.
            chunks = null;
            keeper.whole(whole, trailers);
          }
        },
        failed);
  }

  private void keep(Buffer bytes) {
    List<Buffer> sofar = chunks;
    if (sofar != null) {
      kept += bytes.length();
      if (kept <= limit) {
        // A view of its own: whoever sends it moves the positions of its buffer.
        sofar.add(bytes.slice());
      } else {
        chunks = null;
        keeper.tooLarge();
      }
    }
  }

  /** Nobody wants the copy any more; the content itself goes on. */
  void forget() {
    chunks = null;
  }

  @Override
  public void pause() {
    content.pause();
  }

  @Override
  public void resume() {
    content.resume();
  }

  @Override
  public void discard() {
    content.discard();
  }

  @Override
  public void sendContinue() {
    content.sendContinue();
  }

  @Override
  public @Nullable MultiMap trailers() {
    return trailers;
  }
}
