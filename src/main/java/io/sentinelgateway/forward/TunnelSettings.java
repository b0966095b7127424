package io.sentinelgateway.forward;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** {@code forward.tunnel: {idle-timeout: 5m, …}} */
@Doc("What a connection may do that has become a tunnel, by an upgrade.")
public record TunnelSettings(
    @Doc("Silence in both directions after which it is closed.")
        @Default("5m")
        @Range(min = "10ms", max = "24h")
        Duration idleTimeout,
    @Doc("How long it may be open; absent: no limit.") @Range(min = "10ms", max = "365d")
        Optional<Duration> maxDuration) {}
