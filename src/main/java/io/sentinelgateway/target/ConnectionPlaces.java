package io.sentinelgateway.target;

import io.vertx.core.Context;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The places for connections to one target, so that their number is limited over all event loops
 * together. Thread-safe; shared by all loops and, with the target's state, by all configuration
 * versions. Each loop works through its own {@link LoopPlaces}.
 *
 * <p>No loop has places of its own: whoever needs one takes one, and whoever finds none stands in
 * line. A place that becomes free is handed over, not put back for everybody to grab, so that the
 * line is served in order; a loop without any connection goes first. Nothing here waits or locks,
 * and a request that finds a connection at rest never comes here.
 *
 * <p>No wake-up is lost: whoever stands in line looks for a free place once more afterwards, and
 * whoever frees one looks at the line afterwards. One of the two sees the other.
 */
public final class ConnectionPlaces {

  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger promised = new AtomicInteger();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicInteger suspended = new AtomicInteger();
  private final Queue<LoopPlaces> line = new ConcurrentLinkedQueue<>();
  private final List<LoopPlaces> members = new CopyOnWriteArrayList<>();
  private final ConnectionBound bound;
  private volatile int limit = Integer.MAX_VALUE;

  /**
   * @param bound over all targets of the upstream
   */
  ConnectionPlaces(ConnectionBound bound) {
    this.bound = bound;
  }

  /**
   * One more loop has connections to this target, or wants some.
   *
   * @param loop where its notices are called
   */
  public LoopPlaces join(Context loop, LoopPlaces.Notices notices) {
    LoopPlaces member = new LoopPlaces(this, loop, notices);
    synchronized (members) {
      members.add(member);
      bound.join(this);
    }
    return member;
  }

  /** Places in use, over all loops. */
  public int taken() {
    return taken.get();
  }

  /** Requests that wait for a place, over all loops. */
  public int queued() {
    return queued.get();
  }

  /** Whether connecting is suspended, on whatever loop. */
  public boolean suspended() {
    return suspended.get() > 0;
  }

  void suspended(boolean oneMore) {
    suspended.addAndGet(oneMore ? 1 : -1);
  }

  /** How many places there are; fewer than before are reached as connections come free. */
  void limit(int places) {
    if (limit != places) {
      limit = places;
      settle();
    }
  }

  /** Takes a free place, unless somebody waits for it already. */
  boolean tryTake() {
    return line.isEmpty() && takeFree();
  }

  private boolean takeFree() {
    if (taken.get() >= limit || !bound.tryTake()) {
      return false;
    }
    if (takeOwn()) {
      return true;
    }
    bound.give();
    return false;
  }

  private boolean takeOwn() {
    int now = taken.get();
    while (now < limit) {
      if (taken.compareAndSet(now, now + 1)) {
        return true;
      }
      now = taken.get();
    }
    return false;
  }

  void give() {
    putBack();
    settle();
    bound.settle();
  }

  private void putBack() {
    taken.decrementAndGet();
    bound.give();
  }

  void settle() {
    while (!line.isEmpty() && takeFree()) {
      LoopPlaces next = next();
      if (next == null) {
        putBack();
      } else {
        next.grant();
      }
    }
  }

  private @Nullable LoopPlaces next() {
    LoopPlaces starving = starving();
    return starving != null && line.remove(starving) ? starving : line.poll();
  }

  private @Nullable LoopPlaces starving() {
    for (LoopPlaces waiting : line) {
      if (waiting.held() == 0) {
        return waiting;
      }
    }
    return null;
  }

  void standInLine(LoopPlaces member) {
    line.add(member);
    settle();
    if (!line.isEmpty()) {
      members.forEach(other -> other.ask(member));
    }
  }

  /** False when a place is on its way already. */
  boolean leaveLine(LoopPlaces member) {
    return line.remove(member);
  }

  void leave(LoopPlaces member) {
    synchronized (members) {
      members.remove(member);
      if (members.isEmpty()) {
        bound.leave(this);
      }
    }
  }

  /** True when none can be made, and there is none on any loop that could become free. */
  boolean hopeless() {
    return bound.reached() && taken.get() == 0;
  }

  /** True when connections that rest should be given up. */
  boolean wanted() {
    return !line.isEmpty() || taken.get() > limit;
  }

  /** True when a loop waits that has no connection at all. */
  boolean starved() {
    return !line.isEmpty() && starving() != null;
  }

  /**
   * Announces that a place will be given, if one more than announced is wanted: many loops are
   * asked at once, and not all of them shall close a connection.
   */
  boolean promise() {
    int now = promised.get();
    while (now < line.size() + Math.max(0, taken.get() - limit)) {
      if (promised.compareAndSet(now, now + 1)) {
        return true;
      }
      now = promised.get();
    }
    return false;
  }

  void keepPromise() {
    promised.decrementAndGet();
    give();
  }

  boolean tryQueue(int atMost) {
    if (queued.incrementAndGet() <= atMost) {
      return true;
    }
    queued.decrementAndGet();
    return false;
  }

  void queue() {
    queued.incrementAndGet();
  }

  void unqueue() {
    queued.decrementAndGet();
  }
}
