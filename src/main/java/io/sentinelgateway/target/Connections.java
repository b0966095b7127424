package io.sentinelgateway.target;

/** One event loop's connections to origin servers. */
public interface Connections {

  /**
   * Gets a connection to the target that nobody else uses: a pooled one, or a new one. A pooled one
   * is there at once, before this returns.
   */
  void acquire(Target target, Waiter waiter);

  /**
   * The same, after a pooled connection to this target turned out to be dead. The pool gives out
   * what rested last, so those that still rest are older, and are closed.
   */
  void renew(Target target, Waiter waiter);

  /** Whoever wants a connection. Called once, on the event loop. */
  interface Waiter {

    void acquired(Connection connection);

    /**
     * @param cause a {@code ProxyException} of POOL_FULL, POOL_TIMEOUT, or one of the CONNECT
     *     causes
     */
    void refused(Throwable cause);
  }
}
