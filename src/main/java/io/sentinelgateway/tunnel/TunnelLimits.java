package io.sentinelgateway.tunnel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a tunnel may do. Immutable.
 *
 * @param idle silence in both directions
 * @param duration from the head of 101; {@code null} for no limit
 * @param frames of a WebSocket; {@code null}: bytes that nobody looks at
 */
public record TunnelLimits(
    Duration idle, @Nullable Duration duration, @Nullable FrameLimits frames) {}
