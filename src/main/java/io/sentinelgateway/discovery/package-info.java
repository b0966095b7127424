/**
 * Where the members of an upstream are found when the configuration does not list them: one class
 * for each kind of source, and the owner of all that run. Start at {@link
 * io.sentinelgateway.discovery.Discoveries}; {@link io.sentinelgateway.discovery.DiscoveryKinds} is
 * the list of sources.
 *
 * <p>A source tells what it found and what went wrong ({@link
 * io.sentinelgateway.discovery.Findings}); whatever goes wrong, what was found last stays. Nothing
 * here is on the request path.
 *
 * <p>Level 2: may use {@code config}, {@code source}, {@code yaml} and level 0. Everything is
 * confined to the context of whoever owns the discoveries; {@link
 * io.sentinelgateway.discovery.DiscoveryStatus} may be read by any thread.
 */
@NullMarked
package io.sentinelgateway.discovery;

import org.jspecify.annotations.NullMarked;
