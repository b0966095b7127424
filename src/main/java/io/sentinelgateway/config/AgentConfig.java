package io.sentinelgateway.config;

import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.time.Duration;

/** A program outside of the gateway that filters of {@code type: agent} ask. */
public record AgentConfig(
    @Doc(
            value =
                "Where it listens. What is asked goes there in plain text: a Unix socket, or an"
                    + " address that only this machine or a network of yours can reach.",
            example = "unix:/run/waf.sock")
        Address address,
    @Doc(
            "Connections of each event loop. Many agents answer one question after the other on a"
                + " connection, so this is how many they work on at once.")
        @Default("2")
        @Range(min = "1", max = "64")
        int connections,
    @Doc("Until a connection is made and the agent has said who it is.")
        @Default("1s")
        @Range(min = "10ms", max = "1m")
        Duration connectTimeout,
    @Doc(
            "Questions under way at once, on each event loop; further ones fail at once"
                + " (`agent_busy`).")
        @Default("1000")
        @Range(min = "1", max = "100000")
        int maxCalls,
    @Doc(
            "The longest pause between attempts to connect; they begin at 100 ms and never end, so an"
                + " agent may start later than the gateway.")
        @Default("5s")
        @Range(min = "100ms", max = "5m")
        Duration reconnectMax,
    @Doc(
            "How often a connection is tried by a ping. One that has not answered before the next is"
                + " due is closed.")
        @Default("10s")
        @Range(min = "100ms", max = "10m")
        Duration pingInterval) {

  void check(Problems problems) {
    problems
        .at("address")
        .require(
            address.unix() || address.port() > 0, address + " (expected: a port from 1 to 65535)");
  }
}
