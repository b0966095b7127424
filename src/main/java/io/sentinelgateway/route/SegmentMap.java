package io.sentinelgateway.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hash table that is asked with a part of a string, so that no lookup cuts strings. Immutable;
 * any thread.
 *
 * <p>Open addressing, at most half full. The keys come from the configuration, so whoever sends
 * requests cannot make its chains long.
 */
final class SegmentMap<V> {

  private final String[] keys;
  private final Object[] values;
  private final int mask;

  SegmentMap(Map<String, V> entries) {
    int capacity = Integer.highestOneBit(Math.max(1, entries.size())) * 4;
    keys = new String[capacity];
    values = new Object[capacity];
    mask = capacity - 1;
    entries.forEach(
        (key, value) -> {
          int slot = spread(key.hashCode());
          while (keys[slot] != null) {
            slot = slot + 1 & mask;
          }
          keys[slot] = key;
          values[slot] = value;
        });
  }

  /** The value whose key is the part from {@code start} to before {@code end}. */
  @SuppressWarnings("unchecked") // only values of V were put in
  @Nullable V get(String text, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      // As String.hashCode does it, so that keys need no hash of their own.
      hash = 31 * hash + text.charAt(i);
    }
    int length = end - start;
    for (int slot = spread(hash); keys[slot] != null; slot = slot + 1 & mask) {
      if (keys[slot].length() == length && text.startsWith(keys[slot], start)) {
        return (V) values[slot];
      }
    }
    return null;
  }

  private int spread(int hash) {
    return (hash ^ hash >>> 16) & mask;
  }
}
