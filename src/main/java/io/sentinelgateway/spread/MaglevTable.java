package io.sentinelgateway.spread;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of choices, looked up by hash, that stays nearly the same when a choice comes or goes
 * (Eisenbud and others, "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016,
 * section 3.4). Every choice has a permutation of the places, made of its name; they take turns,
 * and each takes the first free place of its permutation. A choice of half the weight takes part in
 * every second round.
 */
public final class MaglevTable {

  private final int[] owners;

  private MaglevTable(int[] owners) {
    this.owners = owners;
  }

  /**
   * The table of these choices; the order of the list means nothing.
   *
   * @param size a prime, so that every step leads through all places; best a hundred times as many
   *     as there are choices
   */
  public static MaglevTable of(List<String> names, int[] weights, int size) {
    int[] order =
        IntStream.range(0, names.size())
            .boxed()
            .sorted(Comparator.comparing(names::get))
            .mapToInt(i -> i)
            .toArray();
    int[] next = new int[order.length];
    int[] step = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      long hash = KeyHash.of(names.get(order[i]));
      next[i] = (int) Long.remainderUnsigned(hash, size);
      step[i] = 1 + (int) Long.remainderUnsigned(KeyHash.mix(~hash), size - 1);
    }
    int[] owners = new int[order.length == 0 ? 0 : size];
    Arrays.fill(owners, -1);
    int heaviest = Arrays.stream(weights).max().orElse(1);
    long[] credit = new long[order.length];
    for (int filled = 0; filled < owners.length; ) {
      for (int i = 0; i < order.length && filled < size; i++) {
        credit[i] += weights[order[i]];
        if (credit[i] >= heaviest) {
          credit[i] -= heaviest;
          int place = free(owners, next[i], step[i]);
          owners[place] = order[i];
          next[i] = place;
          filled++;
        }
      }
    }
    return new MaglevTable(owners);
  }

  private static int free(int[] owners, int first, int step) {
    int place = first;
    while (owners[place] >= 0) {
      place += step;
      if (place >= owners.length) {
        place -= owners.length;
      }
    }
    return place;
  }

  /** The choice that a hash belongs to; there must be one. */
  public int owner(long hash) {
    return owners[(int) Long.remainderUnsigned(hash, owners.length)];
  }
}
