/**
 * The file: one record per YAML mapping, one component per key, and the reader that turns text into
 * them with every problem found. Start at {@link io.sentinelgateway.config.GatewayConfig}. Level 0:
 * knows no other room. Immutable; any thread.
 */
@NullMarked
package io.sentinelgateway.config;

import org.jspecify.annotations.NullMarked;
