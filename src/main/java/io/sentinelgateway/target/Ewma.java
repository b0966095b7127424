package io.sentinelgateway.target;

import java.util.concurrent.atomic.AtomicLong;

/**
 * An average that forgets: what was seen one decay time ago counts about a third (1/e) of what is
 * seen now. Without anything to see it sinks towards 0, so that what it kept away is tried again.
 * Thread-safe and lock-free; shared by all event loops.
 *
 * <p>Value (a float) and time (in units of 2^16 ns, wrapping after some days) share one word, so
 * that both change at once without an object.
 */
final class Ewma {

  private static final int TIME_SHIFT = 16;
  private static final double UNIT_NANOS = 1 << TIME_SHIFT;
  private static final double MOST_KEPT = 31.0 / 32;

  /** 0 until something was seen. */
  private final AtomicLong state = new AtomicLong();

  /** The average now; 0 when nothing was seen. */
  double at(long nanoTime, long decayNanos) {
    long packed = state.get();
    double value = value(packed);
    return value == 0 ? 0 : value * remaining(packed, nanoTime, decayNanos);
  }

  /**
   * Moves the average towards what was seen: by how long ago the last was, but at least by a fixed
   * part, so that a row of the same is noticed at any rate.
   */
  void observe(double seen, long nanoTime, long decayNanos) {
    long old;
    double value;
    do {
      old = state.get();
      double weight = old == 0 ? 0 : Math.min(MOST_KEPT, remaining(old, nanoTime, decayNanos));
      value = value(old) * weight + seen * (1 - weight);
    } while (!state.compareAndSet(old, packed(value, nanoTime)));
  }

  /** Lifts the average to what was seen at once, if it is above; else moves it towards it. */
  void observePeak(double seen, long nanoTime, long decayNanos) {
    long old;
    double value;
    do {
      old = state.get();
      double weight = seen > value(old) ? 0 : remaining(old, nanoTime, decayNanos);
      value = value(old) * weight + seen * (1 - weight);
    } while (!state.compareAndSet(old, packed(value, nanoTime)));
  }

  /** Lifts the average to what was seen, if it is above; else keeps it from sinking until now. */
  void hold(double seen, long nanoTime) {
    long old;
    do {
      old = state.get();
    } while (!state.compareAndSet(old, packed(Math.max(seen, value(old)), nanoTime)));
  }

  /** What share of the average is left. */
  private static double remaining(long packed, long nanoTime, long decayNanos) {
    int units = (int) (nanoTime >> TIME_SHIFT) - (int) packed;
    return units <= 0 ? 1 : Math.exp(-units * UNIT_NANOS / decayNanos);
  }

  private static double value(long packed) {
    return Float.intBitsToFloat((int) (packed >>> 32));
  }

  private static long packed(double value, long nanoTime) {
    return (long) Float.floatToRawIntBits((float) value) << 32
        | ((int) (nanoTime >> TIME_SHIFT) & 0xffff_ffffL);
  }
}
