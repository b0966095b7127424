/**
 * What can be configured: one record per YAML mapping, one component per key. What a key is called,
 * what it means, what it may hold and what it is when absent stands at its component and nowhere
 * else; what only several keys together can get wrong, the record's {@code check} says.
 *
 * <p>Start at {@link io.sentinelgateway.config.GatewayConfig}, the whole file. How text becomes
 * records is decided in {@code yaml}, where the text comes from in {@code source}.
 *
 * <p>Level 1: may use {@code schema}, of whose words the records are made, and {@code resilience},
 * whose rules they become. Everything is immutable and may be used by any thread.
 */
@NullMarked
package io.sentinelgateway.config;

import org.jspecify.annotations.NullMarked;
