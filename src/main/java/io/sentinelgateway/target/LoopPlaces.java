package io.sentinelgateway.target;

import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One event loop's part of a target's {@link ConnectionPlaces}. Its public methods belong to that
 * loop alone; other loops reach it by notices that are posted to it.
 */
public final class LoopPlaces {

  private final ConnectionPlaces all;
  private final Context loop;
  private final Notices notices;
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicBoolean asked = new AtomicBoolean();
  private boolean inLine;
  private boolean suspended;

  LoopPlaces(ConnectionPlaces all, Context loop, Notices notices) {
    this.all = all;
    this.loop = loop;
    this.notices = notices;
  }

  /** What the loop is told, on itself. */
  public interface Notices {

    /** A place is handed over: it is this loop's now, to be used or given back. */
    void granted();

    /** Somebody needs a place: a connection that rests should be closed. */
    void asked();
  }

  /** Whether this is the loop's part of these places, and not of a predecessor's. */
  public boolean of(ConnectionPlaces places) {
    return all == places;
  }

  /** Places that this loop has: for connections that are open or being made. */
  public int held() {
    return held.get();
  }

  /**
   * @param places in all, for all loops together
   */
  public void limit(int places) {
    all.limit(places);
  }

  /** Takes a place if one is free and nobody waits for it. */
  public boolean tryTake() {
    boolean took = all.tryTake();
    if (took) {
      held.incrementAndGet();
    }
    return took;
  }

  /**
   * True when the upstream has as many connections as it may, and none of them is to this target:
   * waiting for one is in vain.
   */
  public boolean hopeless() {
    return all.hopeless();
  }

  /** A connection has ended, or was not made. */
  public void give() {
    held.decrementAndGet();
    all.give();
  }

  /**
   * Wants a place, or does not any more. Wanting is standing in line once, however often it is
   * said; a place that is on its way is granted all the same.
   */
  public void want(boolean wanted) {
    if (wanted && !inLine) {
      inLine = true;
      all.standInLine(this);
    } else if (!wanted && inLine && all.leaveLine(this)) {
      inLine = false;
    }
  }

  /** True when connections that rest should be given up: somebody waits, or there are too many. */
  public boolean wanted() {
    return all.wanted();
  }

  /** True when another loop waits that has no connection at all. */
  public boolean starved() {
    return all.starved();
  }

  /** Announces that a place will be given by {@link #keepPromise}; false when it is not needed. */
  public boolean promise() {
    return all.promise();
  }

  /** Gives the place that was announced, and this loop's place in the line with it. */
  public void keepPromise() {
    want(false);
    held.decrementAndGet();
    all.keepPromise();
  }

  /** A request begins to wait for a place, if fewer do, on all loops together. */
  public boolean tryQueue(int atMost) {
    return all.tryQueue(atMost);
  }

  /** A request begins to wait, however many do. */
  public void queue() {
    all.queue();
  }

  /** It waits no longer. */
  public void unqueue() {
    all.unqueue();
  }

  /** Whether connecting from this loop is suspended. */
  public void suspended(boolean now) {
    if (suspended != now) {
      suspended = now;
      all.suspended(now);
    }
  }

  /** The loop keeps nothing at rest any more, and need not be asked for it. */
  public void leave() {
    suspended(false);
    all.leave(this);
  }

  // Called on any thread.

  void grant() {
    loop.runOnContext(
        posted -> {
          inLine = false;
          held.incrementAndGet();
          notices.granted();
        });
  }

  /** However many ask, one notice is under way. */
  void ask(LoopPlaces whoAsks) {
    if (whoAsks != this && asked.compareAndSet(false, true)) {
      loop.runOnContext(
          posted -> {
            asked.set(false);
            notices.asked();
          });
    }
  }
}
