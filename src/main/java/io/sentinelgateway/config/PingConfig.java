package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import java.time.Duration;

/** Finds HTTP/2 connections whose other end is gone without a word. */
public record PingConfig(
    @Doc("Ask an origin that has been silent so long; gRPC servers often allow no less than 5m.")
        @Default("30s")
        @Range(min = "1s", max = "24h")
        Duration interval,
    @Doc("Close the connection when nothing comes for so long after that.")
        @Default("10s")
        @Range(min = "100ms", max = "5m")
        Duration timeout) {}
