package io.sentinelgateway.target;

import io.sentinelgateway.resilience.CircuitBreaker;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a target: requests in flight, failures in a row, health. Thread-safe; shared
 * by all event loops and by all configuration versions that name the target.
 */
public final class TargetState {

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong tokens = new AtomicLong();
  private final TargetAverages averages = new TargetAverages();
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private final LongAdder successes = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final LongAdder answerNanos = new LongAdder();
  private final AtomicReference<@Nullable CircuitBreaker> breaker = new AtomicReference<>();
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

  /** Estimated work of the requests in flight, where a balancer asks for it; else 0. */
  public long tokens() {
    return tokens.get();
  }

  /** How quickly and how well it has answered lately. */
  public TargetAverages averages() {
    return averages;
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

  /** Its circuit breaker; {@code null} before an upstream that has breakers sent it anything. */
  public @Nullable CircuitBreaker breaker() {
    return breaker.get();
  }

  /** Its circuit breaker: this one, unless it has one already. */
  public CircuitBreaker breaker(CircuitBreaker fresh) {
    CircuitBreaker known = breaker.compareAndExchange(null, fresh);
    return known == null ? fresh : known;
  }

  /** Written by the upstream verticle only. */
  public void healthy(boolean now) {
    healthy = now;
    if (now) {
      failuresInARow.set(0);
    }
  }

  void begin(long estimatedTokens) {
    inFlight.incrementAndGet();
    count(estimatedTokens);
  }

  void answered(long nanos) {
    answers.increment();
    answerNanos.add(nanos);
  }

  void end(Outcome outcome, long estimatedTokens) {
    inFlight.decrementAndGet();
    count(-estimatedTokens);
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

  private void count(long estimatedTokens) {
    if (estimatedTokens != 0) {
      tokens.addAndGet(estimatedTokens);
    }
  }

  private void endRow() {
    // A plain read first: the cache line is written only when a row of failures ends.
    if (failuresInARow.get() != 0) {
      failuresInARow.set(0);
    }
  }
}
