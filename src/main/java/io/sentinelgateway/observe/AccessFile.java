package io.sentinelgateway.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The opened destination of the access log. A failure loses the lines at hand and is logged once;
 * the destination is tried again after a second, until it works. Confined to the writer thread.
 */
final class AccessFile {

  private static final Logger LOG = LoggerFactory.getLogger(AccessFile.class);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AccessSink sink;
  private final LongSupplier nanoTime;
  private @Nullable OutputStream out;
  private boolean failing;
  private long failedNanos;

  AccessFile(AccessSink sink, OutputStream out, LongSupplier nanoTime) {
    this.sink = sink;
    this.out = out;
    this.nanoTime = nanoTime;
  }

  /**
   * Writes and empties the buffer.
   *
   * @return false when its lines are lost
   */
  boolean write(JsonLine lines) {
    try {
      OutputStream open = opened();
      if (open == null) {
        lines.truncate(0);
        return false;
      }
      lines.writeTo(open);
      failing = false;
      return true;
    } catch (IOException e) {
      lines.truncate(0);
      failed(e);
      return false;
    }
  }

  /** Opens the destination anew: the file was renamed. The old one stays if that fails. */
  void reopen() {
    try {
      OutputStream fresh = sink.open();
      close();
      out = fresh;
    } catch (IOException e) {
      LOG.warn("access log: cannot be opened anew, the old file stays in use: {}", e.toString());
    }
  }

  void close() {
    OutputStream open = out;
    out = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.warn("access log: cannot be closed: {}", e.toString());
      }
    }
  }

  private @Nullable OutputStream opened() throws IOException {
    if (out == null && nanoTime.getAsLong() - failedNanos >= RETRY_NANOS) {
      OutputStream fresh = sink.open();
      // The last line may have been written in part; what follows must not be glued to it.
      fresh.write('\n');
      out = fresh;
      LOG.info("access log: written again");
    }
    return out;
  }

  private void failed(IOException e) {
    if (!failing) {
      failing = true;
      LOG.error("access log: cannot be written, lines are lost until it can: {}", e.toString());
    }
    close();
    failedNanos = nanoTime.getAsLong();
  }
}
