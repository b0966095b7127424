package io.sentinelgateway.target;

import io.sentinelgateway.config.UpstreamConfig;
import org.jspecify.annotations.Nullable;

/**
 * One origin server as one configuration version sees it. Immutable; its state is shared by all
 * versions in which the target has the same key.
 *
 * @param key identity
 * @param name its address as text, made once for the logs
 * @param weight share of the requests, relative to the other targets of its upstream
 * @param zone where it runs; empty when not known
 * @param priority 0 is served first; higher ones stand by
 * @param settings settings of its upstream: pool, timeouts, health
 * @param tls how TLS is spoken with it; {@code null} for in the clear
 * @param state what is known about it; survives reloads
 */
public record Target(
    TargetKey key,
    String name,
    int weight,
    String zone,
    int priority,
    UpstreamConfig settings,
    @Nullable TargetTls tls,
    TargetState state) {

  /** The same target with another weight. */
  public Target weighing(int now) {
    return now == weight ? this : new Target(key, name, now, zone, priority, settings, tls, state);
  }
}
