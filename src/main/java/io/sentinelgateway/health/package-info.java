/**
 * Which targets are healthy: what is looked at, how it is judged, and what follows.
 *
 * <p>{@link io.sentinelgateway.health.HealthWatch} looks, at targets themselves (a {@link
 * io.sentinelgateway.health.Probe} of each kind) and at what their requests left behind, and says
 * what it finds as {@link io.sentinelgateway.health.Verdict}s; {@link
 * io.sentinelgateway.health.HealthBook} decides. Start reading there. The request path knows
 * nothing of this room: it reads a target's {@link io.sentinelgateway.target.Standing}.
 *
 * <p>Level 2: may use {@code upstream}, {@code balance}, {@code target}, {@code config} and level
 * 0. Each object is confined to the context of its owner; watch and book may have different ones.
 */
@NullMarked
package io.sentinelgateway.health;

import org.jspecify.annotations.NullMarked;
