package io.sentinelgateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.exchange.RequestBody;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptContentTest {

  private final Script content = new Script();
  private final Copy copy = new Copy();
  private final List<String> events = new ArrayList<>();

  private KeptContent kept(long limit) {
    KeptContent kept = new KeptContent(content, limit, copy);
    kept.read(
        chunk -> events.add(chunk.toString()),
        v -> events.add("end"),
        t -> events.add("failed " + t.getMessage()));
    return kept;
  }

  @Test
  void theReaderGetsEverythingAndTheKeeperTheSame() {
    KeptContent kept = kept(6);
    content.chunk("abc").chunk("def").end();

    assertThat(events).containsExactly("abc", "def", "end", "whole [abc, def] sum: 7");
    assertThat(kept.trailers()).isNotNull();
  }

  @Test
  void moreThanTheLimitIsToldOnceAndPassesOn() {
    kept(5);
    content.chunk("abc").chunk("def").chunk("ghi").end();

    assertThat(events).containsExactly("abc", "too large", "def", "ghi", "end");
  }

  @Test
  void whatIsNotWantedAnyMorePassesOn() {
    KeptContent kept = kept(100);
    content.chunk("abc");
    kept.forget();
    content.chunk("def").end();

    assertThat(events).containsExactly("abc", "def", "end");
  }

  @Test
  void contentThatBreaksOffIsNeverWhole() {
    kept(100);
    content.chunk("abc");
    content.failed.handle(new IllegalStateException("gone"));

    assertThat(events).containsExactly("abc", "failed gone");
  }

  /** Notes what the keeper is told. */
  private final class Copy implements KeptContent.Keeper {
    @Override
    public void whole(List<Buffer> chunks, @Nullable MultiMap trailers) {
      String sum = trailers == null ? "" : trailers.get("sum");
      events.add("whole " + chunks + " sum: " + sum);
    }

    @Override
    public void tooLarge() {
      events.add("too large");
    }
  }

  /** Content that comes when the test says so. */
  private static final class Script implements RequestBody {

    private Handler<Buffer> chunk = bytes -> {};
    private Handler<Void> ended = v -> {};
    private Handler<Throwable> failed = t -> {};

    Script chunk(String text) {
      chunk.handle(Buffer.buffer(text));
      return this;
    }

    void end() {
      ended.handle(null);
    }

    @Override
    public boolean present() {
      return true;
    }

    @Override
    public long length() {
      return -1;
    }

    @Override
    public boolean started() {
      return false;
    }

    @Override
    public void read(Handler<Buffer> onChunk, Handler<Void> onEnd, Handler<Throwable> onFailure) {
      chunk = onChunk;
      ended = onEnd;
      failed = onFailure;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void discard() {}

    @Override
    public void sendContinue() {}

    @Override
    public MultiMap trailers() {
      return HttpHeaders.headers().set("sum", "7");
    }
  }
}
