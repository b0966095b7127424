package io.sentinelgateway.observe;

import java.util.List;

/** One event loop's connection pools, as they look to somebody who counts. */
@FunctionalInterface
public interface PoolGauges {

  /** The pools of this loop, several per upstream if there are. Called on it, once a second. */
  List<PoolCounts> pools();

  /**
   * What one pool counts.
   *
   * @param upstream id of the upstream that the connections belong to
   * @param open connections that are open now, in use or idle
   * @param idle open connections that nobody uses
   * @param pending requests that wait for a connection
   * @param created connections opened since the pool began
   * @param reused times that an idle connection was taken since the pool began
   */
  record PoolCounts(
      String upstream, long open, long idle, long pending, long created, long reused) {

    PoolCounts plus(PoolCounts other) {
      return new PoolCounts(
          upstream,
          open + other.open,
          idle + other.idle,
          pending + other.pending,
          created + other.created,
          reused + other.reused);
    }
  }
}
