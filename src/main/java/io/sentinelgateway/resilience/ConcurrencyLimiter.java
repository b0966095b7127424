package io.sentinelgateway.resilience;

import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Places for what may be under way at once, over all event loops, and a bounded queue before them.
 * Thread-safe and lock-free. How many places there are is a parameter, since a reload or an {@link
 * AdaptiveLimit} may change it at any time.
 *
 * <p>While there is room, a place costs two atomic operations. The queue is one for all loops, so
 * it is fair among them: whoever gives a place back hands it to the one who waits longest in the
 * highest class, on whatever loop that is.
 *
 * <p>Nobody is forgotten: whoever queues looks for a free place after he has queued, and whoever
 * frees one looks at the queue after he has freed it. One of the two sees the other.
 */
public final class ConcurrencyLimiter {

  /** How many places there are for whom. Thread-safe. */
  @FunctionalInterface
  public interface Places {

    /** Places that may be taken before one of this class gets none. */
    int of(Priority priority);
  }

  private final AtomicInteger active = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Map<Priority, Queue<Pending>> queues = new EnumMap<>(Priority.class);

  /** Nothing is under way. */
  public ConcurrencyLimiter() {
    for (Priority priority : Priority.values()) {
      queues.put(priority, new ConcurrentLinkedQueue<>());
    }
  }

  /** Places taken. */
  public int active() {
    return active.get();
  }

  /** Those who wait. */
  public int waiting() {
    return waiting.get();
  }

  /** Takes a place, unless there is none or somebody of the same or a higher class waits for it. */
  public boolean tryAcquire(Priority priority, Places places) {
    if (waiting.get() > 0 && anybodyBefore(priority)) {
      return false;
    }
    return take(active, places.of(priority));
  }

  private boolean anybodyBefore(Priority priority) {
    for (Map.Entry<Priority, Queue<Pending>> queue : queues.entrySet()) {
      if (queue.getKey().compareTo(priority) <= 0 && !queue.getValue().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static boolean take(AtomicInteger taken, int most) {
    int now = taken.get();
    while (now < most) {
      if (taken.compareAndSet(now, now + 1)) {
        return true;
      }
      now = taken.get();
    }
    return false;
  }

  /**
   * Waits for a place.
   *
   * @param most how many may wait
   * @param granted called when the place is there, on any thread, perhaps before this returns; it
   *     must be brief
   * @return {@code null} when too many wait already
   */
  public @Nullable Pending await(Priority priority, Places places, int most, Runnable granted) {
    if (!take(waiting, most)) {
      return null;
    }
    Pending pending = new Pending(priority, granted);
    queues.get(priority).add(pending);
    serve(places);
    return pending;
  }

  /**
   * Waits no longer.
   *
   * @return false when the place was granted in the meantime: then it must be released
   */
  public boolean leave(Pending pending) {
    if (!pending.end()) {
      return false;
    }
    queues.get(pending.priority()).remove(pending);
    waiting.decrementAndGet();
    return true;
  }

  /** Takes a place, whether there is one or not. */
  public void acquireAnyway() {
    active.incrementAndGet();
  }

  /** Gives a place back. */
  public void release(Places places) {
    active.decrementAndGet();
    if (waiting.get() > 0) {
      serve(places);
    }
  }

  /** Hands free places to those who wait; also called when there are more places than before. */
  public void serve(Places places) {
    for (Map.Entry<Priority, Queue<Pending>> each : queues.entrySet()) {
      Queue<Pending> queue = each.getValue();
      while (!queue.isEmpty()) {
        if (!take(active, places.of(each.getKey()))) {
          // A lower class may fill less of the limit than this one.
          return;
        }
        if (!grantFirst(queue)) {
          // All of them left just now. Who comes while we hold the place finds it taken and trusts
          // us to look again.
          active.decrementAndGet();
        }
      }
    }
  }

  private boolean grantFirst(Queue<Pending> queue) {
    for (Pending first = queue.poll(); first != null; first = queue.poll()) {
      if (first.end()) {
        waiting.decrementAndGet();
        first.grant();
        return true;
      }
    }
    return false;
  }
}
