package io.sentinelgateway.resilience;

import io.sentinelgateway.resilience.SlidingWindow.Counts;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets attempts through while they go well, none for a while when they don't, and then a few to
 * see. Thread-safe and lock-free; shared by all event loops. The rule is a parameter: a reload may
 * change it while the state stays.
 *
 * <p>Each phase is an object of its own, and a permit is the phase that gave it. What a permit of
 * an earlier phase brings back is therefore counted there, where nobody looks any more: places for
 * probes can neither leak from one half-open phase into the next nor be given back twice. A counter
 * shared by all phases is what leaks in other proxies, when a breaker changes its state between the
 * begin of an attempt and its end.
 */
public final class CircuitBreaker {

  /** What a breaker does now. */
  public enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /** What an attempt says about its target. */
  public enum Verdict {
    GOOD,
    BAD,
    /** Nothing: the place is given back, and that is all. */
    NONE
  }

  /** The right to one attempt; brought back by {@link #end}, once. */
  public sealed interface Permit permits Closed, HalfOpen {}

  /** Hears of changes, on the event loop that brought them about. */
  @FunctionalInterface
  public interface Listener {

    /**
     * @param state the new one
     * @param why for people
     */
    void changed(State state, String why);
  }

  private sealed interface Phase permits Closed, Open, HalfOpen {}

  private static final class Closed implements Phase, Permit {

    private final AtomicReference<@Nullable SlidingWindow> window = new AtomicReference<>();
    private final int times;
    private final long sinceNanos;
    private final long openedForNanos;

    /** Closed, after it was open so many times in short succession. */
    private Closed(int times, long sinceNanos, long openedForNanos) {
      this.times = times;
      this.sinceNanos = sinceNanos;
      this.openedForNanos = openedForNanos;
    }

    /**
     * Counts begin anew with another length. Only attempts that begin say which: one that ends may
     * be of a configuration that is no longer in force.
     */
    private void watch(long lengthNanos) {
      SlidingWindow current = window.get();
      if (current == null || current.lengthNanos() != lengthNanos) {
        window.compareAndSet(current, new SlidingWindow(lengthNanos));
      }
    }

    private SlidingWindow window() {
      return Objects.requireNonNull(window.get());
    }

    /** A breaker that stayed closed as long as it had been open begins anew. */
    private int timesAt(long nanoTime) {
      return nanoTime - sinceNanos >= openedForNanos ? 1 : times + 1;
    }
  }

  private record Open(int times, long sinceNanos, long forNanos) implements Phase {

    private long leftNanos(long nanoTime) {
      return sinceNanos + forNanos - nanoTime;
    }
  }

  private static final class HalfOpen implements Phase, Permit {

    private final AtomicInteger probing = new AtomicInteger();
    private final AtomicInteger good;
    private final int times;
    private final long openedForNanos;
    private volatile long givenNanos;

    private HalfOpen(int times, long openedForNanos, int good, long nanoTime) {
      this.times = times;
      this.openedForNanos = openedForNanos;
      this.good = new AtomicInteger(good);
      this.givenNanos = nanoTime;
    }

    private boolean take(int probes, long nanoTime) {
      int now = probing.get();
      while (now < probes) {
        if (probing.compareAndSet(now, now + 1)) {
          givenNanos = nanoTime;
          return true;
        }
        now = probing.get();
      }
      return false;
    }

    private boolean lost(BreakerRule rule, long nanoTime) {
      return nanoTime - givenNanos >= rule.probeTimeoutNanos();
    }
  }

  private final AtomicReference<Phase> phase = new AtomicReference<>(new Closed(0, 0, 0));
  private final Listener listener;

  /** A closed breaker. */
  public CircuitBreaker(Listener listener) {
    this.listener = listener;
  }

  public State state() {
    return state(phase.get());
  }

  /** Whether {@link #tryAcquire} would most likely succeed now. Changes nothing. */
  public boolean permits(BreakerRule rule, long nanoTime) {
    Phase now = phase.get();
    if (now instanceof HalfOpen half) {
      return half.probing.get() < rule.probes() || half.lost(rule, nanoTime);
    }
    return !(now instanceof Open open) || open.leftNanos(nanoTime) <= 0;
  }

  /** How long it will certainly refuse; 0 when that is not known or not so. */
  public long refusesForNanos(long nanoTime) {
    return phase.get() instanceof Open open ? Math.max(0, open.leftNanos(nanoTime)) : 0;
  }

  /** Probes under way in this half-open phase; 0 in others. */
  public int probing() {
    return phase.get() instanceof HalfOpen half ? half.probing.get() : 0;
  }

  /** The right to an attempt; {@code null} when there is none. */
  public @Nullable Permit tryAcquire(BreakerRule rule, long nanoTime) {
    while (true) {
      Phase now = phase.get();
      if (now instanceof Closed closed) {
        closed.watch(rule.windowNanos());
        return closed;
      }
      if (now instanceof Open open) {
        if (open.leftNanos(nanoTime) > 0) {
          return null;
        }
        change(open, new HalfOpen(open.times, open.forNanos, 0, nanoTime), "probing begins");
      } else if (now instanceof HalfOpen half) {
        if (half.take(rule.probes(), nanoTime)) {
          return half;
        }
        if (!half.lost(rule, nanoTime)) {
          return null;
        }
        HalfOpen again = new HalfOpen(half.times, half.openedForNanos, half.good.get(), nanoTime);
        change(half, again, "probes gave no verdict in time; others are sent");
      }
    }
  }

  /**
   * The attempt has ended.
   *
   * @param permit from {@link #tryAcquire}
   * @param tookNanos up to the head of the answer, or to the failure
   */
  public void end(BreakerRule rule, Permit permit, Verdict verdict, long tookNanos, long nanoTime) {
    if (permit instanceof HalfOpen half) {
      judge(
          rule,
          half,
          verdict == Verdict.GOOD && rule.slow(tookNanos) ? Verdict.BAD : verdict,
          nanoTime);
      half.probing.decrementAndGet();
    } else if (permit instanceof Closed closed && verdict != Verdict.NONE) {
      count(rule, closed, verdict == Verdict.BAD, tookNanos, nanoTime);
    }
  }

  private void count(
      BreakerRule rule, Closed closed, boolean failed, long tookNanos, long nanoTime) {
    SlidingWindow window = closed.window();
    boolean slow = rule.slow(tookNanos);
    window.add(failed, slow, nanoTime);
    // Only a bad end opens; the good ones, which are nearly all, need not add up.
    if (failed || slow) {
      Counts counts = window.counts(nanoTime);
      if (rule.exceeded(counts.attempts(), counts.failed(), counts.slow())) {
        String why =
            counts.failed() + " failed and " + counts.slow() + " slow of " + counts.attempts();
        open(rule, closed, closed.timesAt(nanoTime), why, nanoTime);
      }
    }
  }

  private void judge(BreakerRule rule, HalfOpen half, Verdict verdict, long nanoTime) {
    if (verdict == Verdict.BAD) {
      open(rule, half, half.times + 1, "a probe failed", nanoTime);
    } else if (verdict == Verdict.GOOD && half.good.incrementAndGet() >= rule.closeAfter()) {
      Closed closed = new Closed(half.times, nanoTime, half.openedForNanos);
      change(half, closed, rule.closeAfter() + " probes went well");
    }
  }

  private void open(BreakerRule rule, Phase from, int times, String why, long nanoTime) {
    long forNanos = rule.openForNanos(times);
    String full = why + "; none for " + forNanos / 1_000_000 + " ms";
    change(from, new Open(times, nanoTime, forNanos), full);
  }

  /** One of those who see the same need wins; the others find it done. */
  private void change(Phase from, Phase to, String why) {
    if (phase.compareAndSet(from, to)) {
      listener.changed(state(to), why);
    }
  }

  private static State state(Phase of) {
    if (of instanceof Closed) {
      return State.CLOSED;
    }
    return of instanceof Open ? State.OPEN : State.HALF_OPEN;
  }
}
