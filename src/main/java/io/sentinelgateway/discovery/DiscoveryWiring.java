package io.sentinelgateway.discovery;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What a source is built with.
 *
 * @param vertx whose current context the source belongs to
 * @param clock by which files are new or old
 * @param random spreads retries
 * @param environment looks up environment variables
 * @param dns asks name servers
 * @param findings whom the source tells
 */
record DiscoveryWiring(
    Vertx vertx,
    InstantSource clock,
    RandomGenerator random,
    Function<String, Optional<String>> environment,
    DnsThread dns,
    Findings findings) {}
