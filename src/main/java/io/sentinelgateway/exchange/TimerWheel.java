package io.sentinelgateway.exchange;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hashed timing wheel (Varghese and Lauck, 1987): starting and cancelling are a list operation,
 * where a heap of timers would cost a logarithm and a wake-up each. It turns only while a timer is
 * pending. Confined to the event loop on which it is used first, or to that of its context.
 */
public final class TimerWheel implements Timers {

  private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);
  private static final int SLOTS = 512;
  private static final long TICK_MILLIS = 10;
  private static final long TICK_NANOS = TICK_MILLIS * 1_000_000;

  private final Vertx vertx;
  private final @Nullable Context owner;
  private final LongSupplier nanoTime;
  private final Entry[] slots = new Entry[SLOTS];
  private long tick;
  private long tickedNanos;
  private int pending;
  private boolean turning;

  public TimerWheel(Vertx vertx, LongSupplier nanoTime) {
    this(vertx, null, nanoTime);
  }

  /**
   * A wheel among contexts that come and go: a timer of the library ends with the deployment it was
   * started in, and the wheel would stand still.
   *
   * @param owner keeps it turning; {@code null}: the context that starts a timer
   */
  public TimerWheel(Vertx vertx, @Nullable Context owner, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.owner = owner;
    this.nanoTime = nanoTime;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Entry(this, 0, () -> {});
    }
  }

  @Override
  public Timeout start(Duration delay, Runnable action) {
    if (!turning) {
      turning = true;
      tickedNanos = nanoTime.getAsLong();
      if (owner == null) {
        scheduleTurn();
      } else {
        owner.runOnContext(v -> scheduleTurn());
      }
    }
    long nanos = Math.max(0, delay.toNanos()) + (nanoTime.getAsLong() - tickedNanos);
    Entry entry = new Entry(this, tick + 1 + nanos / TICK_NANOS, action);
    entry.insertBefore(slots[(int) (entry.due % SLOTS)]);
    pending++;
    return entry;
  }

  /** Timers that neither fired nor were cancelled. */
  public int pending() {
    return pending;
  }

  private void turn() {
    long now = nanoTime.getAsLong();
    while (now - tickedNanos >= TICK_NANOS) {
      tickedNanos += TICK_NANOS;
      tick++;
      fire(slots[(int) (tick % SLOTS)]);
    }
    turning = pending > 0;
    if (turning) {
      scheduleTurn();
    }
  }

  private void scheduleTurn() {
    vertx.setTimer(TICK_MILLIS, id -> turn());
  }

  private void fire(Entry slot) {
    Entry entry = slot.next;
    while (entry != slot) {
      // Taken before the action runs, which may cancel or start others in this slot.
      Entry following = entry.next;
      if (entry.due <= tick && entry.unlink()) {
        run(entry.action);
        if (following.unlinked()) {
          following = slot.next;
        }
      }
      entry = following;
    }
  }

  /** A bug in one action must not stop the wheel: every timeout of the loop hangs on it. */
  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("a timer failed by a bug in the gateway", e);
    }
  }

  /** A node of a slot's ring; linked to itself once it has left. */
  private static final class Entry implements Timeout {
    private final TimerWheel wheel;
    private final long due;
    private final Runnable action;
    private Entry next = this;
    private @Nullable Entry previous = this;

    Entry(TimerWheel wheel, long due, Runnable action) {
      this.wheel = wheel;
      this.due = due;
      this.action = action;
    }

    void insertBefore(Entry head) {
      Entry last = head.previous == null ? head : head.previous;
      previous = last;
      next = head;
      last.next = this;
      head.previous = this;
    }

    boolean unlinked() {
      return previous == null;
    }

    boolean unlink() {
      Entry before = previous;
      if (before == null) {
        return false;
      }
      before.next = next;
      next.previous = before;
      previous = null;
      wheel.pending--;
      return true;
    }

    @Override
    public void cancel() {
      unlink();
    }
  }
}
