package io.sentinelgateway.target;

import io.sentinelgateway.resilience.CircuitBreaker;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a target: requests in flight, failures in a row, health. Thread-safe; shared
 * by all event loops and by all configuration versions that name the target. Health and weights are
 * written by the owner of the upstreams only.
 */
public final class TargetState {

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong tokens = new AtomicLong();
  private final TargetAverages averages = new TargetAverages();
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private final AtomicInteger errorsInARow = new AtomicInteger();
  private final LongAdder successes = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final LongAdder answerNanos = new LongAdder();
  private final AtomicReference<@Nullable CircuitBreaker> breaker = new AtomicReference<>();
  private final ConnectionPlaces places;
  private volatile Standing standing;
  private volatile int weightByHand;
  private volatile int risenPercent = 100;

  /** The state of a target of its own that nobody checks: it is healthy. */
  public TargetState() {
    this(Condition.HEALTHY, new ConnectionBound());
  }

  /**
   * The state of a new target that stands so.
   *
   * @param bound over the connections to all targets of its upstream
   */
  public TargetState(Condition first, ConnectionBound bound) {
    standing = Standing.first(first);
    places = new ConnectionPlaces(bound);
  }

  /** True unless health says that it must be left out. */
  public boolean available() {
    return standing.condition() == Condition.HEALTHY;
  }

  /** What health says about it. */
  public Standing standing() {
    return standing;
  }

  /** Health says something else now. */
  public void standing(Standing now) {
    standing = now;
  }

  /** The weight that an operator gave it; 0: none, the configured one counts. */
  public int weightByHand() {
    return weightByHand;
  }

  public void weightByHand(int weight) {
    weightByHand = weight;
  }

  /** How much of its weight it has got so far, 10 to 100: it grows in a slow start. */
  public int risenPercent() {
    return risenPercent;
  }

  public void risenPercent(int percent) {
    risenPercent = percent;
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

  /** Attempts in a row that ended with {@link Outcome#ERROR} or {@link Outcome#FAILURE}. */
  public int errorsInARow() {
    return errorsInARow.get();
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

  /** What it failed before does not count any more: it gets another chance. */
  public void forgive() {
    failuresInARow.set(0);
    errorsInARow.set(0);
  }

  void begin(long estimatedTokens) {
    inFlight.incrementAndGet();
    count(estimatedTokens);
  }

  /** The work of a request in flight was estimated so much too low. */
  void correct(long missingTokens) {
    count(missingTokens);
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
        end(failuresInARow);
        end(errorsInARow);
      }
      case ERROR -> {
        errors.increment();
        errorsInARow.incrementAndGet();
        end(failuresInARow);
      }
      case FAILURE -> {
        failures.increment();
        errorsInARow.incrementAndGet();
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

  private static void end(AtomicInteger row) {
    // A plain read first: the cache line is written only when a row ends.
    if (row.get() != 0) {
      row.set(0);
    }
  }
}
