/**
 * TLS on both sides: which certificate a client gets, which one it has to show, which origin server
 * is believed, by which rules a handshake goes, whose code does it, and why one failed. Start at
 * {@link io.sentinelgateway.tls.ServerTls} for clients, at {@link io.sentinelgateway.tls.OriginTls}
 * for origin servers. Level 2: may use {@code config} and {@code target}. Certificates are
 * immutable; a {@link io.sentinelgateway.tls.ServerTls} is shared by all event loops, and its
 * certificates are replaced by one assignment; an {@link io.sentinelgateway.tls.OriginTls} is
 * shared too and never changes.
 */
@NullMarked
package io.sentinelgateway.tls;

import org.jspecify.annotations.NullMarked;
