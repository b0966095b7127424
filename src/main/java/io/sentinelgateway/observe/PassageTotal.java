package io.sentinelgateway.observe;

import java.util.EnumMap;
import java.util.Map;

/** What all loops passed through one listener. Confined to the thread that reads. */
final class PassageTotal {

  private final Map<PassageEnd, Long> ended = new EnumMap<>(PassageEnd.class);
  private long toOrigin;
  private long toClient;
  private boolean any;

  void add(ListenerMetrics part) {
    any |= part.passes();
    toOrigin += part.passedToOrigin();
    toClient += part.passedToClient();
    for (PassageEnd reason : PassageEnd.values()) {
      ended.merge(reason, part.passagesEnded(reason), Long::sum);
    }
  }

  /** Few listeners pass bytes on; only those have these series, and then all of them. */
  void expose(String listener, Families out) {
    if (any) {
      ended.forEach(
          (reason, n) -> out.counter(Metric.PASSTHROUGH_ENDED, n, listener, reason.word()));
      out.counter(Metric.PASSTHROUGH_BYTES, toOrigin, listener, "to_origin");
      out.counter(Metric.PASSTHROUGH_BYTES, toClient, listener, "to_client");
    }
  }
}
