package io.sentinelgateway.target;

import io.sentinelgateway.config.UpstreamConfig;

/**
 * One origin server as one configuration version sees it. Immutable; its state is shared by all
 * versions in which the target has the same key.
 *
 * @param key identity
 * @param weight share of the requests, relative to the other targets of its upstream
 * @param settings settings of its upstream: pool, timeouts, health
 * @param state what is known about it; survives reloads
 */
public record Target(TargetKey key, int weight, UpstreamConfig settings, TargetState state) {}
