package io.sentinelgateway.observe;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer thread: takes entries from all lanes, formats them, writes when a buffer is full or
 * nothing is left.
 *
 * <p>How it waits: under load it naps a few milliseconds, so no event loop ever pays for waking it,
 * and one write call carries many lines. After {@link #NAPS} empty naps it sleeps until a loop
 * wakes it, so an idle gateway has no timer here. A loop publishes with a release store and then
 * reads {@code asleep}; the two may be reordered and the wake-up be missed, therefore even the long
 * sleep has an end.
 */
final class AccessWriter {

  private static final Logger LOG = LoggerFactory.getLogger(AccessWriter.class);
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LINES_PER_TURN = 256;
  private static final int NAPS = 25;
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final List<AccessLane> lanes;
  private final AccessFile file;
  private final AccessLine format = new AccessLine();
  private final JsonLine lines = new JsonLine(BUFFER_BYTES);
  private final Counter written = new Counter();
  private final Counter lost = new Counter();
  private final AtomicBoolean reopen = new AtomicBoolean();
  private volatile boolean asleep;
  private volatile boolean closed;
  private final Thread thread = new Thread(this::run, "access-log");
  private int linesInBuffer;
  private int emptyNaps;

  AccessWriter(List<AccessLane> lanes, AccessFile file) {
    this.lanes = lanes;
    this.file = file;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!closed) {
      if (reopen.getAndSet(false)) {
        flush();
        file.reopen();
      }
      if (drain() > 0) {
        emptyNaps = 0;
      } else {
        flush();
        rest();
      }
    }
    drainLast();
    file.close();
  }

  /** What waits at this moment and no more: a loop that goes on publishing cannot keep us here. */
  private void drainLast() {
    int left = lanes.stream().mapToInt(AccessLane::waiting).sum();
    int taken = left;
    while (left > 0 && taken > 0) {
      taken = drain();
      left -= taken;
    }
    flush();
  }

  /** Called by event loops after each entry: one volatile read unless the writer sleeps. */
  void wake() {
    if (asleep) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  void reopen() {
    reopen.set(true);
    LockSupport.unpark(thread);
  }

  /**
   * Writes what waits and ends the thread.
   *
   * @return false when that took longer
   */
  boolean close(Duration atMost) throws InterruptedException {
    closed = true;
    LockSupport.unpark(thread);
    thread.join(atMost.toMillis());
    return !thread.isAlive();
  }

  long written() {
    return written.value();
  }

  long lost() {
    return lost.value();
  }

  private int drain() {
    int taken = 0;
    for (AccessLane lane : lanes) {
      for (int i = 0; i < LINES_PER_TURN; i++) {
        AccessEntry entry = lane.take();
        if (entry == null) {
          break;
        }
        append(entry);
        lane.giveBack(entry);
        taken++;
      }
    }
    return taken;
  }

  private void append(AccessEntry entry) {
    int before = lines.length();
    try {
      format.write(entry, lines);
      linesInBuffer++;
    } catch (RuntimeException e) {
      lines.truncate(before);
      lost.increment();
      LOG.error("access log: a line could not be formatted", e);
    }
    if (lines.length() >= BUFFER_BYTES / 2) {
      flush();
    }
  }

  private void flush() {
    if (linesInBuffer > 0) {
      (file.write(lines) ? written : lost).add(linesInBuffer);
      linesInBuffer = 0;
    }
  }

  private void rest() {
    if (emptyNaps < NAPS) {
      emptyNaps++;
      LockSupport.parkNanos(this, NAP_NANOS);
      return;
    }
    asleep = true;
    if (lanes.stream().allMatch(AccessLane::empty) && !closed && !reopen.get()) {
      LockSupport.parkNanos(this, SLEEP_NANOS);
    }
    asleep = false;
  }
}
