/**
 * The words of which configuration records are made: the types of their values ({@link
 * io.sentinelgateway.schema.Address}, {@link io.sentinelgateway.schema.ByteSize}, …), the
 * annotations of their components ({@link io.sentinelgateway.schema.Doc}, {@link
 * io.sentinelgateway.schema.Range}, …), the plug through which other rooms add filters, handlers
 * and balancers ({@link io.sentinelgateway.schema.Kind}), and what is found wrong ({@link
 * io.sentinelgateway.schema.Problems}).
 *
 * <p>Start at {@link io.sentinelgateway.schema.Doc}. Level 0: knows no other room. Everything but
 * the collector of problems is immutable and may be used by any thread.
 */
@NullMarked
package io.sentinelgateway.schema;

import org.jspecify.annotations.NullMarked;
