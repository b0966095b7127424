package io.sentinelgateway.route;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of ASCII texts (hosts, paths and segments are normalised) that is asked with a part
 * of a string, so that no lookup cuts strings. Immutable; any thread.
 *
 * <p>Open addressing, at most half full, a key beside its value: a large table costs misses of the
 * processor's cache, and nothing else. The keys come from the configuration, so whoever sends
 * requests cannot make its chains long.
 */
final class SegmentMap<V> {

  /** Key and value in turns; keys as octets, which spares a step to a string's own. */
  private final Object[] slots;

  private final int mask;

  /** Looks for nothing where there is nothing; shared, so that it stays in the nearest cache. */
  private static final SegmentMap<?> EMPTY = new SegmentMap<>(new Object[2]);

  private SegmentMap(Object[] slots) {
    this.slots = slots;
    this.mask = slots.length / 2 - 1;
  }

  @SuppressWarnings("unchecked") // the empty map holds no value of any type
  static <V> SegmentMap<V> of(Map<String, V> entries) {
    if (entries.isEmpty()) {
      return (SegmentMap<V>) EMPTY;
    }
    SegmentMap<V> map = new SegmentMap<>(new Object[Integer.highestOneBit(entries.size()) * 4 * 2]);
    entries.forEach(map::put);
    return map;
  }

  private void put(String key, V value) {
    int slot = spread(key.hashCode());
    while (slots[slot * 2] != null) {
      slot = slot + 1 & mask;
    }
    slots[slot * 2] = key.getBytes(StandardCharsets.US_ASCII);
    slots[slot * 2 + 1] = value;
  }

  /** The value whose key is the part from {@code start} to before {@code end}. */
  @SuppressWarnings("unchecked") // only values of V were put in
  @Nullable V get(String text, int start, int end) {
    if (mask == 0) {
      return null;
    }
    int hash = 0;
    for (int i = start; i < end; i++) {
      // As String.hashCode does it, so that keys need no hash of their own.
      hash = 31 * hash + text.charAt(i);
    }
    int length = end - start;
    for (int slot = spread(hash); slots[slot * 2] != null; slot = slot + 1 & mask) {
      byte[] key = (byte[]) slots[slot * 2];
      if (key.length == length && same(key, text, start)) {
        return (V) slots[slot * 2 + 1];
      }
    }
    return null;
  }

  /** The value of a whole text. */
  @Nullable V get(String text) {
    return get(text, 0, text.length());
  }

  private static boolean same(byte[] key, String text, int start) {
    for (int i = 0; i < key.length; i++) {
      if (key[i] != text.charAt(start + i)) {
        return false;
      }
    }
    return true;
  }

  private int spread(int hash) {
    return (hash ^ hash >>> 16) & mask;
  }
}
