package io.sentinelgateway.verticle;

import io.sentinelgateway.observe.GatewayMetrics;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/**
 * What the gateway takes from its machine, as {@code /status} shows it. Thread-safe.
 *
 * @param loops number of event loops
 * @param metrics knows the connections to origin servers
 */
record Resources(int loops, GatewayMetrics metrics) {

  /** Bytes in the heap and, of Netty's buffers, outside of it. */
  static JsonObject memory() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return new JsonObject()
        .put(
            "heap",
            new JsonObject()
                .put("used", heap.getUsed())
                .put("committed", heap.getCommitted())
                .put("max", heap.getMax()))
        .put(
            "direct",
            new JsonObject().put("used", Wire.directMemory()).put("max", Wire.maxDirectMemory()));
  }

  /** Connections to origin servers by upstream, over all loops, and who waits for one. */
  JsonObject pools() {
    JsonObject json = new JsonObject();
    metrics
        .pools()
        .forEach(
            (upstream, pool) ->
                json.put(
                    upstream,
                    new JsonObject()
                        .put("open", pool.open())
                        .put("resting", pool.idle())
                        .put("waiting", pool.pending())));
    return json;
  }
}
