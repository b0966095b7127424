package io.sentinelgateway.forward;

import io.netty.buffer.ByteBuf;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.target.Connection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rest of an answer that another attempt replaces: read to its end when that is cheap, so that
 * its connection can serve again; retries must not cost the target a new connection each. Confined
 * to one event loop.
 */
final class Discarded {

  private static final int MOST_BYTES = 64 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Connection connection;
  private final Timers.Timeout timer;
  private int bytes;
  private boolean over;

  private Discarded(Connection connection, Loop loop) {
    this.connection = connection;
    this.timer = loop.timers().start(PATIENCE, () -> release(false));
  }

  /**
   * @param length of the content; -1 when it is not known
   * @return {@code null} when the connection was closed instead
   */
  static @Nullable Discarded of(Connection connection, Loop loop, long length) {
    if (length > MOST_BYTES) {
      connection.release(false);
      return null;
    }
    return new Discarded(connection, loop);
  }

  void content(ByteBuf chunk) {
    bytes += chunk.readableBytes();
    chunk.release();
    if (bytes > MOST_BYTES) {
      release(false);
    }
  }

  void end() {
    release(true);
  }

  void failed() {
    release(false);
  }

  private void release(boolean reusable) {
    if (!over) {
      over = true;
      timer.cancel();
      connection.release(reusable);
    }
  }
}
