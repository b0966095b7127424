package io.sentinelgateway.spread;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws choices in proportion to their weights in constant time (Walker's alias method, tables as
 * Vose builds them): every column of equal width holds a share of one choice, and the rest of the
 * column is lent to another.
 */
public final class AliasTable {

  private final int[] alias;

  /** The share of a column that is its own, as a fraction of 2^32. */
  private final long[] own;

  private AliasTable(int[] alias, long[] own) {
    this.alias = alias;
    this.own = own;
  }

  /** The table for these weights, each at least 1. */
  public static AliasTable of(int[] weights) {
    int n = weights.length;
    double mean = Arrays.stream(weights).asLongStream().sum() / (double) Math.max(1, n);
    int[] alias = new int[n];
    double[] share = new double[n];
    int[] stack = new int[n];
    int poor = 0;
    int rich = n;
    for (int i = 0; i < n; i++) {
      alias[i] = i;
      share[i] = weights[i] / mean;
      if (share[i] < 1) {
        stack[poor++] = i;
      } else {
        stack[--rich] = i;
      }
    }
    while (poor > 0 && rich < n) {
      int borrower = stack[--poor];
      int lender = stack[rich];
      alias[borrower] = lender;
      share[lender] -= 1 - share[borrower];
      if (share[lender] < 1) {
        rich++;
        stack[poor++] = lender;
      }
    }
    return new AliasTable(alias, columns(share, alias));
  }

  private static long[] columns(double[] share, int[] alias) {
    long[] own = new long[share.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = alias[i] == i ? 1L << 32 : Math.round(share[i] * (1L << 32));
    }
    return own;
  }

  /** The index of a choice; there must be one. */
  public int draw(RandomGenerator random) {
    long bits = random.nextLong();
    int column = (int) (((bits >>> 32) * alias.length) >>> 32);
    return (bits & 0xffff_ffffL) < own[column] ? column : alias[column];
  }
}
