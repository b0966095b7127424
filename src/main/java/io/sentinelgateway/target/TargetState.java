package io.sentinelgateway.target;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is known about a target: requests in flight, failures in a row, health. Thread-safe; shared
 * by all event loops and by all configuration versions that name the target.
 */
public final class TargetState {

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private final LongAdder successes = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final LongAdder answerNanos = new LongAdder();
  private final ConnectionPlaces places = new ConnectionPlaces();
  private volatile boolean healthy = true;

  /** True unless health says that it must be left out. */
  public boolean available() {
    return healthy;
  }

  /** Bounds the connections to the target. */
  public ConnectionPlaces places() {
    return places;
  }

  public int inFlight() {
    return inFlight.get();
  }

  public int failuresInARow() {
    return failuresInARow.get();
  }

  public long successes() {
    return successes.sum();
  }

  /** Attempts that ended with {@link Outcome#ERROR}. */
  public long errors() {
    return errors.sum();
  }

  public long failures() {
    return failures.sum();
  }

  /** Heads of answers that came, of whatever status. */
  public long answers() {
    return answers.sum();
  }

  /** How long those took in all, from the pick of the target, in nanoseconds. */
  public long answerNanos() {
    return answerNanos.sum();
  }

  /** Written by the upstream verticle only. */
  public void healthy(boolean now) {
    healthy = now;
    if (now) {
      failuresInARow.set(0);
    }
  }

  void begin() {
    inFlight.incrementAndGet();
  }

  void answered(long nanos) {
    answers.increment();
    answerNanos.add(nanos);
  }

  void end(Outcome outcome) {
    inFlight.decrementAndGet();
    switch (outcome) {
      case SUCCESS -> {
        successes.increment();
        endRow();
      }
      case ERROR -> {
        errors.increment();
        endRow();
      }
      case FAILURE -> {
        failures.increment();
        failuresInARow.incrementAndGet();
      }
      case IGNORED -> {}
    }
  }

  private void endRow() {
    // A plain read first: the cache line is written only when a row of failures ends.
    if (failuresInARow.get() != 0) {
      failuresInARow.set(0);
    }
  }
}
