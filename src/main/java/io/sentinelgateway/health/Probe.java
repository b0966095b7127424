package io.sentinelgateway.health;

import io.vertx.core.Future;

/** Checks one target, one check at a time. Confined to the context of its owner. */
interface Probe {

  /** Begins a check: succeeds when the target passes it, fails with what is wrong. */
  Future<?> check();

  /** Cuts a check under way and gives everything back; there is no other check after it. */
  void close();
}
