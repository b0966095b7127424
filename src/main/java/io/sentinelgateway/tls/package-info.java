/**
 * TLS towards clients: which certificate a client gets, by which rules a handshake goes, whose code
 * does it, and why one failed. Start at {@link io.sentinelgateway.tls.ServerTls}. Level 2: may use
 * {@code config}. Certificates are immutable; a {@link io.sentinelgateway.tls.ServerTls} is shared
 * by all event loops, and its certificates are replaced by one assignment.
 */
@NullMarked
package io.sentinelgateway.tls;

import org.jspecify.annotations.NullMarked;
