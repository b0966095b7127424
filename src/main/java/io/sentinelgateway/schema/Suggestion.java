package io.sentinelgateway.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class Suggestion {

  private Suggestion() {}

  /** Message for a reference to something that does not exist. */
  public static String unknown(String noun, String word, Collection<String> known) {
    return "no " + noun + " named " + word + didYouMean(word, known);
  }

  /**
   * {@code " (did you mean x?)"}, or the known words when none is near; empty if there are none.
   */
  public static String didYouMean(String word, Collection<String> known) {
    Optional<String> near = nearest(word, known);
    if (near.isPresent()) {
      return " (did you mean " + near.get() + "?)";
    }
    return known.isEmpty() || known.size() > 12
        ? ""
        : " (expected: " + String.join(", ", known) + ")";
  }

  /** The known word that is one slip of the pen away. */
  public static Optional<String> nearest(String word, Collection<String> known) {
    int allowed = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(k -> distance(word, k) <= allowed)
        .min(Comparator.comparingInt(k -> distance(word, k)));
  }

  /** Damerau-Levenshtein distance (optimal string alignment). */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(int[][] d, String a, String b, int i, int j) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
