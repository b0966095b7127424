package io.sentinelgateway.observe;

import java.util.Queue;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way of one event loop's entries to the writer and back. The loop claims an entry, fills and
 * publishes it; the writer takes it, writes it and gives it back. Neither ever waits.
 *
 * <p>There are as many entries as the queue has places, made when they are first needed. So a claim
 * that succeeds can be published, and a full queue shows as a claim that fails.
 */
final class AccessLane {

  private final int capacity;
  private final Queue<AccessEntry> filled;
  private final Queue<AccessEntry> free;
  private final Runnable wake;
  private final Counter dropped = new Counter();
  private int created;

  AccessLane(int capacity, Runnable wake) {
    this.capacity = capacity;
    this.filled = new SpscAtomicArrayQueue<>(capacity);
    this.free = new SpscAtomicArrayQueue<>(capacity);
    this.wake = wake;
  }

  // The loop's side.

  /** An entry to fill and {@link #publish}; {@code null} when the line is dropped, and counted. */
  @Nullable AccessEntry claim() {
    AccessEntry entry = free.poll();
    if (entry != null) {
      return entry;
    }
    if (created < capacity) {
      created++;
      return new AccessEntry();
    }
    dropped.increment();
    return null;
  }

  void publish(AccessEntry entry) {
    filled.add(entry);
    wake.run();
  }

  // The writer's side.

  @Nullable AccessEntry take() {
    return filled.poll();
  }

  void giveBack(AccessEntry entry) {
    entry.clear();
    free.add(entry);
  }

  boolean empty() {
    return filled.isEmpty();
  }

  // Any thread.

  long dropped() {
    return dropped.value();
  }

  int waiting() {
    return filled.size();
  }
}
