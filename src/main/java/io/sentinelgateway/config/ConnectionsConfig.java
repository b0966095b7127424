package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.IpAddress;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Word;
import java.time.Duration;
import java.util.Optional;

/** The pool of connections to each target; limits hold for all event loops together. */
public record ConnectionsConfig(
    @Doc("Open connections to one target, over all event loops.")
        @Default("512")
        @Range(min = "1", max = "1000000")
        int max,
    @Doc("Close a connection that was unused this long; keep it below the origin's own limit.")
        @Default("55s")
        @Range(min = "100ms", max = "24h")
        Duration idle,
    @Doc("Close a connection this old, give or take a tenth by chance, once it is unused.")
        @Default("10m")
        @Range(min = "1s", max = "24h")
        Duration maxAge,
    @Doc("Close a connection that has carried so many requests; 0: no limit.")
        @Default("0")
        @Range(min = "0", max = "1000000000")
        int requestsPerConnection,
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
    @Doc("Connections to each target that each event loop opens in advance and keeps.")
        @Default("0")
        @Range(min = "0", max = "1000")
        int warm,
    @Doc(
            "Failures to connect in a row, on one event loop, after which requests are refused at"
                + " once for a while (`connect_suspended`); 0: never.")
        @Default("5")
        @Range(min = "0", max = "1000")
        int suspendAfter,
    @Doc("The longest such while; it begins with a sixteenth and doubles.")
        @Default("1s")
        @Range(min = "10ms", max = "1m")
        Duration suspendTime,
    @Doc("The address that connections are made from; absent: the system's choice.")
        Optional<IpAddress> localAddress,
    @Doc("Requests at once on one HTTP/2 connection, if the origin allows as many.")
        @Default("100")
        @Range(min = "1", max = "100000")
        int maxStreams,
    @Doc("Asks on silent HTTP/2 connections whether the origin is still there; absent: never.")
        Optional<PingConfig> ping,
    @Doc(
            "Tell the target who the client is, in front of everything else on a connection (PROXY"
                + " protocol); then a connection serves one client connection only.")
        @Default("none")
        ProxyProtocol proxyProtocol) {

  void check(Problems problems) {
    problems
        .at("warm")
        .require(
            warm == 0 || proxyProtocol == ProxyProtocol.NONE,
            warm + " (expected: 0, because proxy-protocol is told when there is a client)");
  }

  /** Whether the client is told, and in which form. */
  public enum ProxyProtocol {
    @Word("none")
    NONE,
    @Word("v1")
    V1,
    @Word("v2")
    V2
  }
}
