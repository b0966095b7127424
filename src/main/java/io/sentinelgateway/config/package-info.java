/**
 * What can be configured: one record per YAML mapping, one component per key. What a key is called,
 * what it means, what it may hold and what it is when absent stands at its component and nowhere
 * else; what only several keys together can get wrong, the record's {@code check} says.
 *
 * <p>Start at {@link io.sentinelgateway.config.GatewayConfig}, the whole file, and {@link
 * io.sentinelgateway.config.Kind}, through which other rooms add filters, handlers and balancers.
 * Beside the records lie the types of their values ({@link io.sentinelgateway.config.Address},
 * {@link io.sentinelgateway.config.ByteSize}, …), the annotations of their components ({@link
 * io.sentinelgateway.config.Doc}, {@link io.sentinelgateway.config.Range}, …) and what is found
 * wrong ({@link io.sentinelgateway.config.Problems}). How text becomes records is decided in {@code
 * yaml}, where the text comes from in {@code source}.
 *
 * <p>Level 0: knows no other room. Everything but the collector of problems is immutable and may be
 * used by any thread.
 */
@NullMarked
package io.sentinelgateway.config;

import org.jspecify.annotations.NullMarked;
