/**
 * Groups of targets as configuration versions come and go. Start at {@link
 * io.sentinelgateway.upstream.UpstreamRegistry}. Level 2: may use {@code balance}, {@code target},
 * {@code exchange}, {@code config} and level 0. The registry belongs to the upstream verticle;
 * upstreams are immutable.
 */
@NullMarked
package io.sentinelgateway.upstream;

import org.jspecify.annotations.NullMarked;
