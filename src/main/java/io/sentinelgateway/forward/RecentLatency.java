package io.sentinelgateway.forward;

/**
 * A quantile of recent latencies: counts in buckets an eighth of an octave wide (9 % apart), halved
 * every 4096 values so that old ones fade. Confined to one event loop.
 */
final class RecentLatency {

  private static final int PER_OCTAVE = 8;
  private static final int MINIMUM = 100;
  private static final int RECOMPUTED_EVERY = 64;
  private static final int HALVED_EVERY = 4096;

  private final double share;
  private final int[] counts = new int[64 * PER_OCTAVE];
  private int total;
  private int sinceComputed;
  private int sinceHalved;
  private long quantileNanos;

  /**
   * @param share of the values that lie below the quantile, 0 to 1
   */
  RecentLatency(double share) {
    this.share = share;
  }

  void add(long nanos) {
    counts[bucket(Math.max(1, nanos))]++;
    total++;
    if (++sinceHalved == HALVED_EVERY) {
      halve();
    }
    if (++sinceComputed >= RECOMPUTED_EVERY && total >= MINIMUM) {
      sinceComputed = 0;
      quantileNanos = quantile();
    }
  }

  /** The upper bound of the bucket in which the quantile lies; 0 before 100 values are known. */
  long nanos() {
    return quantileNanos;
  }

  private void halve() {
    sinceHalved = 0;
    total = 0;
    for (int i = 0; i < counts.length; i++) {
      counts[i] >>= 1;
      total += counts[i];
    }
  }

  private long quantile() {
    long wanted = (long) Math.ceil(total * share);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return upperBound(i);
      }
    }
    return upperBound(counts.length - 1);
  }

  /** The octave, and the three bits below its first one. */
  private static int bucket(long nanos) {
    int octave = 63 - Long.numberOfLeadingZeros(nanos);
    int part = octave >= 3 ? (int) (nanos >>> (octave - 3)) & 7 : (int) (nanos << (3 - octave)) & 7;
    return octave * PER_OCTAVE + part;
  }

  private static long upperBound(int bucket) {
    int octave = bucket / PER_OCTAVE;
    double base = Math.scalb(1.0, octave);
    return (long) (base * (1 + (bucket % PER_OCTAVE + 1) / (double) PER_OCTAVE));
  }
}
