package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import java.time.Duration;

/** The pool of connections to each target; limits are divided among the event loops. */
public record ConnectionsConfig(
    @Doc("Open connections to one target, over all event loops (at least one per loop).")
        @Default("512")
        @Range(min = "1", max = "1000000")
        int max,
    @Doc("Close a connection that was unused this long; keep it below the origin's own limit.")
        @Default("55s")
        @Range(min = "100ms", max = "24h")
        Duration idle,
    @Doc("Close a connection this old once it is unused.")
        @Default("10m")
        @Range(min = "1s", max = "24h")
        Duration maxAge,
    @Doc("How long making a connection may take.") @Default("2s") @Range(min = "10ms", max = "5m")
        Duration connectTimeout,
    @Doc("Requests that may wait for a connection to one target, over all event loops.")
        @Default("1024")
        @Range(min = "0", max = "1000000")
        int queue,
    @Doc("How long a request may wait for a connection.")
        @Default("1s")
        @Range(min = "1ms", max = "5m")
        Duration queueTimeout,
    @Doc("Connections to each target that each event loop opens in advance.")
        @Default("0")
        @Range(min = "0", max = "1000")
        int warm) {}
