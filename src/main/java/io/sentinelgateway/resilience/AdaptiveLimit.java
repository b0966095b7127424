package io.sentinelgateway.resilience;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;

/**
 * Learns how many requests an upstream can work on at once, from how long its answers take.
 * Thread-safe and lock-free; the rule is a parameter, so that a reload may change it.
 *
 * <p>Times are gathered over a window of a tenth of a second or one typical answer, whichever is
 * longer: a limit that changes faster than answers come chases its own tail. The window's time is
 * the geometric mean, which a few very slow answers hardly move. Then {@link Estimate} decides.
 */
public final class AdaptiveLimit {

  private static final long WINDOW_NANOS = 100_000_000;
  private static final int SAMPLES = 10;

  private final AtomicReference<Estimate> estimate = new AtomicReference<>(Estimate.UNKNOWN);
  private final AtomicReference<@Nullable Window> window = new AtomicReference<>();

  /** What one window gathers. */
  private static final class Window {

    private final long sinceNanos;
    private final DoubleAdder logarithms = new DoubleAdder();
    private final AtomicInteger samples = new AtomicInteger();
    private volatile int mostActive;

    private Window(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }

    /** True when the window has seen enough. */
    private boolean add(long tookNanos, int active, long nanoTime) {
      logarithms.add(Math.log((double) Math.max(1, tookNanos)));
      if (active > mostActive) {
        // Two loops may write at once, and the greater be lost: it will come again.
        mostActive = active;
      }
      long age = nanoTime - sinceNanos;
      return samples.incrementAndGet() >= SAMPLES && age >= WINDOW_NANOS && age >= meanNanos();
    }

    private double meanNanos() {
      return Math.exp(logarithms.sum() / samples.get());
    }
  }

  /** The limit in force. */
  public int limit(AdaptiveRule rule) {
    return estimate.get().limit(rule);
  }

  /** How long an answer takes when the upstream has little to do; 0 when not known yet. */
  public long baselineNanos() {
    return (long) estimate.get().baseline();
  }

  /**
   * An answer came.
   *
   * @param tookNanos from the begin of the attempt to the head of its answer
   * @param active requests under way, over all loops
   * @return true when the limit may have changed
   */
  public boolean sample(AdaptiveRule rule, long tookNanos, int active, long nanoTime) {
    Window current = window.get();
    if (current == null) {
      window.compareAndSet(null, new Window(nanoTime));
      return false;
    }
    if (!current.add(tookNanos, active, nanoTime)
        || !window.compareAndSet(current, new Window(nanoTime))) {
      return false;
    }
    double mean = current.meanNanos();
    int most = current.mostActive;
    estimate.updateAndGet(e -> e.next(rule, mean, most));
    return true;
  }
}
