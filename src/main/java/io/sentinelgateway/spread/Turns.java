package io.sentinelgateway.spread;

/**
 * An order of turns by smooth weighted round robin, as nginx spreads them: with weights 5, 1, 1 it
 * is a a b a c a a, never five in a row.
 */
public final class Turns {

  /** Very uneven weights are rounded to about so many turns. */
  private static final int MOST_TURNS = 4096;

  private Turns() {}

  /** Indexes of the choices in the order of their turns; each choice has at least one. */
  public static int[] of(int[] weights) {
    int[] reduced = reduced(weights);
    int total = 0;
    for (int weight : reduced) {
      total += weight;
    }
    int[] turns = new int[total];
    int[] credit = new int[reduced.length];
    for (int turn = 0; turn < total; turn++) {
      int best = 0;
      for (int i = 0; i < reduced.length; i++) {
        credit[i] += reduced[i];
        if (credit[i] > credit[best]) {
          best = i;
        }
      }
      credit[best] -= total;
      turns[turn] = best;
    }
    return turns;
  }

  private static int[] reduced(int[] weights) {
    int divisor = 0;
    long sum = 0;
    for (int weight : weights) {
      divisor = gcd(weight, divisor);
      sum += weight;
    }
    int[] reduced = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      double exact =
          sum / divisor <= MOST_TURNS
              ? weights[i] / (double) divisor
              : weights[i] * (double) MOST_TURNS / sum;
      reduced[i] = Math.max(1, (int) Math.round(exact));
    }
    return reduced;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
