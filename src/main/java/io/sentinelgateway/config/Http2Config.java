package io.sentinelgateway.config;

import io.sentinelgateway.schema.ByteSize;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** What a client may do on an HTTP/2 connection (RFC 9113). */
public record Http2Config(
    @Doc("Requests under way at once on one connection; clients hold more back.")
        @Default("100")
        @Range(min = "1", max = "10000")
        int maxStreams,
    @Doc("Content that one request may send before anybody has read it.")
        @Default("256KiB")
        @Range(min = "1KiB", max = "16MiB")
        ByteSize window,
    @Doc(
            "Content that all requests of a connection together may send before anybody has read"
                + " it; the memory that one client can hold.")
        @Default("1MiB")
        @Range(min = "64KiB", max = "1GiB")
        ByteSize connectionWindow,
    @Doc("The largest frame that is taken.") @Default("16KiB") @Range(min = "16KiB", max = "1MiB")
        ByteSize maxFrameSize,
    @Doc(
            "Frames of one kind that make work and ask for nothing (resets, pings, settings, empty"
                + " ones, ...), in one second; more of them end the connection.")
        @Default("200")
        @Range(min = "10", max = "100000")
        int idleFrames,
    @Doc(
            "A client that is silent for so long is asked for a sign of life, and left when none"
                + " comes within timeouts.idle; absent: never asked.")
        Optional<Duration> ping) {

  /** The least and the most that SETTINGS_MAX_FRAME_SIZE can say. */
  void check(Problems problems) {
    problems
        .at("connection-window")
        .require(
            connectionWindow.bytes() >= 2 * window.bytes(),
            connectionWindow
                + " (expected: at least twice http2.window, so that one request that nobody reads"
                + " does not hold up the others)");
    ping.ifPresent(
        interval ->
            problems
                .at("ping")
                .require(interval.toMillis() >= 100, "too often (expected: 100ms or more)"));
  }
}
