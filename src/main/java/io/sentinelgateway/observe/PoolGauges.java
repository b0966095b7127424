package io.sentinelgateway.observe;

import java.util.List;

/** One event loop's connection pools, as they look to somebody who counts. */
@FunctionalInterface
public interface PoolGauges {

  /** The pools of this loop. Called on it, once a second. */
  List<PoolCounts> pools();

  /**
   * What one pool holds.
   *
   * @param upstream id of the upstream that the connections belong to
   * @param target address of the origin server
   * @param open connections that are open now, in use or idle
   * @param idle open connections that nobody uses
   * @param pending requests that wait for a connection
   * @param streams requests under way on connections of HTTP/2
   */
  record PoolCounts(
      String upstream, String target, long open, long idle, long pending, long streams) {

    PoolCounts plus(PoolCounts other) {
      return new PoolCounts(
          upstream,
          target,
          open + other.open,
          idle + other.idle,
          pending + other.pending,
          streams + other.streams);
    }
  }
}
