package io.sentinelgateway.spread;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/**
 * A ring of points as libketama draws it, so that a key is found where other programs of that
 * family look for it: each MD5 of <i>name-number</i> makes four points of 32 bits, a key stands
 * where the first 32 bits of its own MD5 say, and belongs to the next point.
 */
public final class KetamaRing {

  private static final int POINTS_OF_A_DIGEST = 4;
  private static final int MOST_POINTS = 1 << 20;
  private static final int OWNER_BITS = 31;
  private static final int OWNER_MASK = Integer.MAX_VALUE;

  /** Places of the points, ascending. */
  private final long[] places;

  private final int[] owners;

  private KetamaRing(long[] places, int[] owners) {
    this.places = places;
    this.owners = owners;
  }

  /**
   * The ring of these choices.
   *
   * @param points for each choice, on the average over the weights; rounded down to a multiple of
   *     four. A ring has at most about a million in all, and at least four for each choice
   */
  public static KetamaRing of(List<String> names, int[] weights, int points) {
    double total = Arrays.stream(weights).asLongStream().sum();
    double digests =
        Math.min((double) points * names.size(), MOST_POINTS) / POINTS_OF_A_DIGEST / total;
    MessageDigest md5 = md5();
    int[] counts = new int[weights.length];
    int size = 0;
    for (int i = 0; i < counts.length; i++) {
      // Floating point must not take a digest away: 1 of 3 of 120 is 40.
      counts[i] = Math.max(1, (int) (weights[i] * digests + 1e-6));
      size += counts[i] * POINTS_OF_A_DIGEST;
    }
    long[] ring = new long[size];
    int at = 0;
    for (int owner = 0; owner < counts.length; owner++) {
      for (int number = 0; number < counts[owner]; number++) {
        byte[] digest = digest(md5, names.get(owner) + "-" + number);
        for (int i = 0; i < POINTS_OF_A_DIGEST; i++) {
          ring[at++] = (place(digest, i) << OWNER_BITS) | owner;
        }
      }
    }
    Arrays.sort(ring);
    return new KetamaRing(
        Arrays.stream(ring).map(point -> point >>> OWNER_BITS).toArray(),
        Arrays.stream(ring).mapToInt(point -> (int) point & OWNER_MASK).toArray());
  }

  /** How many points the ring has. */
  public int size() {
    return places.length;
  }

  /** Where a key stands on the circle: from 0 to 2^32 - 1. */
  public long place(String key) {
    return place(digest(md5(), key), 0);
  }

  /** The index of the first point at or after a place. */
  public int pointAt(long place) {
    int found = Arrays.binarySearch(places, place);
    int next = found >= 0 ? found : -found - 1;
    return next == places.length ? 0 : next;
  }

  /** The choice that a point belongs to. */
  public int owner(int point) {
    return owners[point];
  }

  private static long place(byte[] digest, int word) {
    int at = word * 4;
    return (digest[at] & 0xffL)
        | ((digest[at + 1] & 0xffL) << 8)
        | ((digest[at + 2] & 0xffL) << 16)
        | ((digest[at + 3] & 0xffL) << 24);
  }

  private static byte[] digest(MessageDigest md5, String text) {
    return md5.digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
