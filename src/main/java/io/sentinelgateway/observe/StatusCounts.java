package io.sentinelgateway.observe;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Requests by method and status. One thread writes; any thread reads.
 *
 * <p>An open-addressed table, because a route sees a handful of the five thousand combinations: a
 * dense array would cost 40 kB per route and loop, a map of boxed keys an allocation per request. A
 * cell's count is written before its key, and a table that grew is published whole, so that a
 * reader never sees a key without its count and sums never go back.
 */
final class StatusCounts {

  /** Stands for everything outside 100–599, and for what comes after {@link #MAX_SERIES}. */
  static final int OTHER_STATUS = 0;

  /** Combinations of one route; an origin server that invents statuses fills no more. */
  static final int MAX_SERIES = 256;

  private static final int STATUS_BITS = 10;
  private static final int STATUS_MASK = (1 << STATUS_BITS) - 1;

  private volatile Table table = new Table(8);

  void increment(MethodLabel method, int status) {
    int known = status >= 100 && status <= 599 ? status : OTHER_STATUS;
    Table current = table;
    int key = key(method, known);
    int cell = current.find(key);
    if (!current.holds(cell) && current.size >= MAX_SERIES) {
      key = key(method, OTHER_STATUS);
      cell = current.find(key);
    }
    current.increment(cell, key);
    if (current.size * 2 > current.capacity()) {
      table = current.grown();
    }
  }

  /** Reads every combination that was seen. Any thread. */
  void forEach(Visitor visitor) {
    table.forEach(visitor);
  }

  /** Takes one combination; {@link #OTHER_STATUS} as status for the unnamed ones. */
  interface Visitor {
    void count(MethodLabel method, int status, long requests);
  }

  private static int key(MethodLabel method, int status) {
    // One more than the index: 0 marks a free cell.
    return ((method.index() + 1) << STATUS_BITS) | status;
  }

  private static final class Table {

    private final AtomicIntegerArray keys;
    private final AtomicLongArray counts;
    private int size;

    Table(int capacity) {
      keys = new AtomicIntegerArray(capacity);
      counts = new AtomicLongArray(capacity);
    }

    int capacity() {
      return keys.length();
    }

    /** The key's cell, or the free cell where it belongs; half of the cells are free. */
    int find(int key) {
      int mask = capacity() - 1;
      int cell = ((key * 0x9E3779B9) >>> 16) & mask;
      int found = keys.getPlain(cell);
      while (found != key && found != 0) {
        cell = (cell + 1) & mask;
        found = keys.getPlain(cell);
      }
      return cell;
    }

    boolean holds(int cell) {
      return keys.getPlain(cell) != 0;
    }

    void increment(int cell, int key) {
      put(cell, key, counts.getPlain(cell) + 1);
    }

    private void put(int cell, int key, long count) {
      counts.setOpaque(cell, count);
      if (!holds(cell)) {
        keys.setRelease(cell, key);
        size++;
      }
    }

    Table grown() {
      Table next = new Table(capacity() * 2);
      for (int i = 0; i < capacity(); i++) {
        if (holds(i)) {
          int key = keys.getPlain(i);
          next.put(next.find(key), key, counts.getPlain(i));
        }
      }
      return next;
    }

    void forEach(Visitor visitor) {
      for (int i = 0; i < capacity(); i++) {
        int key = keys.getAcquire(i);
        if (key != 0) {
          MethodLabel method = MethodLabel.at((key >>> STATUS_BITS) - 1);
          visitor.count(method, key & STATUS_MASK, counts.getOpaque(i));
        }
      }
    }
  }
}
