package io.sentinelgateway.observe;

import io.sentinelgateway.config.LogConfig.AccessLogConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log: one line of JSON per finished exchange. Thread-safe; each of its lanes belongs to
 * one event loop.
 *
 * <p>A loop hands a snapshot over and goes on. One daemon thread formats and writes, so a slow disk
 * or a full pipe costs lines, counted, and never a request. When its settings change, a new log is
 * opened, every loop's {@link ExchangeRecorder} is told to use it, and the old one is closed.
 *
 * <p>The request target is logged as it was asked for, its query included, because a line without
 * it cannot explain a failure; it is cut after 2048 characters. Other fields than User-Agent and
 * Referer are never logged.
 */
public final class AccessLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final List<AccessLane> lanes = new ArrayList<>();
  private final AccessWriter writer;

  private AccessLog(int queue, int loops, AccessFile file) {
    writer = new AccessWriter(lanes, file);
    for (int i = 0; i < loops; i++) {
      lanes.add(new AccessLane(queue, writer::wake));
    }
  }

  /**
   * Opens the log that the configuration names. Blocks: not for an event loop.
   *
   * @param loops number of event loops
   * @param nanoTime monotonic time
   * @throws IOException when the file cannot be opened for appending
   */
  public static AccessLog open(AccessLogConfig config, int loops, LongSupplier nanoTime)
      throws IOException {
    return config.to().equals("none")
        ? open(config.queue(), 0, OutputStream::nullOutputStream, nanoTime)
        : open(config.queue(), loops, AccessSink.of(config), nanoTime);
  }

  /** A log that does all the work and keeps nothing. */
  public static AccessLog discarding(int queue, int loops, LongSupplier nanoTime)
      throws IOException {
    return open(queue, loops, OutputStream::nullOutputStream, nanoTime);
  }

  static AccessLog open(int queue, int loops, AccessSink sink, LongSupplier nanoTime)
      throws IOException {
    AccessLog log = new AccessLog(queue, loops, new AccessFile(sink, sink.open(), nanoTime));
    log.writer.start();
    return log;
  }

  /** Opens the file anew, after a tool such as logrotate has moved it. Returns at once. */
  public void reopen() {
    writer.reopen();
  }

  /** Lines written since it was opened. */
  public long written() {
    return writer.written();
  }

  /** Lines that found their queue full. */
  public long dropped() {
    return lanes.stream().mapToLong(AccessLane::dropped).sum();
  }

  /** Lines that the destination did not take. */
  public long lost() {
    return writer.lost();
  }

  /**
   * Writes what waits, for five seconds at most. Blocks. No loop may use the log any more; one that
   * does loses its lines.
   */
  @Override
  public void close() {
    close(DRAIN);
  }

  void close(Duration atMost) {
    try {
      if (!writer.close(atMost)) {
        LOG.warn("access log: its destination is stuck, the last lines are lost");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The lane of a loop; {@code null} when nothing is logged. */
  @Nullable AccessLane lane(int loop) {
    return lanes.isEmpty() ? null : lanes.get(loop);
  }
}
