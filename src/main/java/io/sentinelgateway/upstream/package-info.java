/**
 * Groups of targets as configuration versions come and go. Start at {@link
 * io.sentinelgateway.upstream.UpstreamRegistry}. Level 2: may use {@code balance}, {@code
 * discovery}, {@code target}, {@code exchange}, {@code config} and level 0. The registry belongs to
 * the upstream verticle; an upstream's members are replaced whole.
 */
@NullMarked
package io.sentinelgateway.upstream;

import org.jspecify.annotations.NullMarked;
