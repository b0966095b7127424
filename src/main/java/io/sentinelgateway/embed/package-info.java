/**
 * The gateway as a library: its routes, filters and upstreams behind a server that the application
 * owns. Start at {@link io.sentinelgateway.embed.SentinelProxy}. Level 7: may use every room below
 * but the control plane's ({@code bus}, {@code verticle}). A proxy is thread-safe; what serves
 * requests is confined to the event loop that they come in on, and configurations are put in force
 * on a context of the proxy's own.
 */
@NullMarked
package io.sentinelgateway.embed;

import org.jspecify.annotations.NullMarked;
