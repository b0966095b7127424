package io.sentinelgateway.discovery;

/**
 * Follows one source of targets until it is stopped, and tells its {@link Findings}. Confined to
 * one context, on which it never blocks.
 */
public interface Discovery {

  /** Begins to look; once. */
  void start();

  /** Ends all that is under way; nothing is told any more. */
  void stop();
}
