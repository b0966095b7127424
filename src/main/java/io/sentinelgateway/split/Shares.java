package io.sentinelgateway.split;

import io.sentinelgateway.schema.Percent;
import java.util.ArrayList;
import java.util.List;

/**
 * The sides that have a weight, one after the other on a line from 0 to 1. A change of two weights
 * moves the border between them and nothing else, so that a client whose place on the line is fixed
 * changes sides only if it must. Immutable; any thread.
 */
final class Shares {

  private final Side[] sides;
  private final double[] ends;

  /**
   * @param all one of them has a weight
   */
  Shares(List<Side> all) {
    sides = all.stream().filter(side -> side.weight() > 0).toArray(Side[]::new);
    ends = new double[sides.length];
    double total = all.stream().mapToDouble(Side::weight).sum();
    double sum = 0;
    for (int i = 0; i < sides.length; i++) {
      sum += sides[i].weight();
      ends[i] = sum / total;
    }
  }

  /**
   * @param place from 0, below 1
   */
  Side at(double place) {
    int last = sides.length - 1;
    for (int i = 0; i < last; i++) {
      if (place < ends[i]) {
        return sides[i];
      }
    }
    return sides[last];
  }

  /**
   * Where a key lies on the line: always at the same place, on every gateway and in every version.
   * FNV-1a over the characters, and a finisher (of MurmurHash3), because similar keys differ in the
   * low bits only.
   */
  static double place(String key) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return (hash >>> 11) * 0x1.0p-53;
  }

  /** True when one side has all. */
  boolean single() {
    return sides.length == 1;
  }

  List<Side> sides() {
    return List.of(sides);
  }

  /** For users: {@code shop 95%, shop-next 5%}. */
  String describe() {
    List<String> words = new ArrayList<>();
    double begin = 0;
    for (int i = 0; i < sides.length; i++) {
      words.add(sides[i].id() + ' ' + percent(ends[i] - begin));
      begin = ends[i];
    }
    return String.join(", ", words);
  }

  /** To a tenth of a per cent. */
  private static String percent(double share) {
    return new Percent(Math.round(share * 1000) / 1000.0).toString();
  }
}
