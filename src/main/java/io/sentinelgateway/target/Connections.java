package io.sentinelgateway.target;

import org.jspecify.annotations.Nullable;

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

  /**
   * False when {@link #acquire} would refuse at once, because no connection rests and connecting is
   * suspended.
   */
  boolean reachable(Target target);

  /** Whoever still waits, waits no longer and is not called; does nothing for anybody else. */
  void withdraw(Target target, Waiter waiter);

  /** Whoever wants a connection. Called once, on the event loop. */
  interface Waiter {

    /**
     * For whose request it is; {@code null} when it is nobody's, or not known. Only asked when the
     * target wants to be told.
     */
    default @Nullable ClientAddresses client() {
      return null;
    }

    void acquired(Connection connection);

    /**
     * @param cause a {@code ProxyException} of POOL_FULL, POOL_TIMEOUT, CONNECT_SUSPENDED, or why
     *     no connection could be made
     */
    void refused(Throwable cause);

    /** The target is no member any more, and nothing was sent: another one may be asked. */
    void moved();
  }
}
