/**
 * Connections whose bytes are passed on as they are: which upstream a connection is for, and how
 * the bytes go. Start at {@link io.sentinelgateway.passthrough.PassthroughListener}, then {@link
 * io.sentinelgateway.passthrough.Passage}, the life of one connection. Level 5: may use {@code
 * listener} and levels 0 to 4. Everything is confined to one event loop.
 */
@NullMarked
package io.sentinelgateway.passthrough;

import org.jspecify.annotations.NullMarked;
