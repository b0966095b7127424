package io.sentinelgateway.resilience;

/**
 * Who is let go first when there is not enough for all. Each class may fill a limit up to its own
 * share only, so that what is left is there for the classes above it.
 */
public enum Priority {
  CRITICAL(100),
  HIGH(90),
  NORMAL(80),
  LOW(60);

  private final int share;

  Priority(int share) {
    this.share = share;
  }

  /** The one that is let go later. */
  public Priority higher(Priority other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /**
   * The part of a limit that this class may fill, at least one place. The highest class that is in
   * use may fill it all: nothing is kept free for classes that nobody has.
   *
   * @param top the highest class in use
   */
  public int of(int limit, Priority top) {
    if (share >= top.share) {
      return limit;
    }
    return (int) Math.max(Math.min(1, limit), (long) limit * share / top.share);
  }
}
