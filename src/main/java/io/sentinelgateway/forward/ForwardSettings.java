package io.sentinelgateway.forward;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.filter.RewriteSettings;
import io.sentinelgateway.resilience.Priority;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Suggestion;
import io.sentinelgateway.split.SideSettings;
import io.sentinelgateway.split.Split;
import io.sentinelgateway.split.StickySettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code forward: {upstream: shop, …}} */
@Doc("Sends the request to an upstream.")
public record ForwardSettings(
    @Doc("Id of the upstream; this or `split`.") Optional<String> upstream,
    @Doc("Several upstreams, each with its part of the requests; this or `upstream`.")
        @Default("[]")
        List<SideSettings> split,
    @Doc("How a client stays on its side of the split; absent: each request is decided anew.")
        Optional<StickySettings> sticky,
    @Doc("An upstream that gets copies of requests, and whose answers nobody sees.")
        Optional<MirrorSettings> mirror,
    @Doc("From the choice of the route to the last byte of the answer; absent: no limit.")
        Optional<Duration> timeout,
    @Doc("Changes of the target that is sent.") Optional<RewriteSettings> rewrite,
    @Doc("When a failed request is sent again.") @Default("{}") RetrySettings retry,
    @Doc("Asks a second target when the first one is slow; absent: never.")
        Optional<HedgeSettings> hedge,
    @Doc("Whose requests go first, and are refused last, when an upstream's `limits` are reached.")
        @Default("normal")
        Priority priority,
    @Doc(
            "Protocols that a client may change to (RFC 9110 section 7.8); the origin server decides."
                + " A request for another one is forwarded as if it had not asked. `[]`: none.")
        @Default("[websocket]")
        List<String> upgrade,
    @Doc("Limits of the connections that were upgraded.") @Default("{}") TunnelSettings tunnel,
    @Doc("Limits and pings of WebSockets; absent: their frames are not looked at.")
        Optional<WebSocketSettings> websocket)
    implements HandlerSettings {

  @Override
  public void check(GatewayConfig config, Problems problems) {
    checkUpstreams(config, problems);
    mirror.ifPresent(m -> m.check(config, problems.at("mirror")));
    rewrite.ifPresent(r -> r.check(problems.at("rewrite")));
    retry.check(problems.at("retry"));
    Upgrades.check(upgrade, problems.at("upgrade"));
    if (websocket.isPresent()) {
      checkWebSockets(config, problems.at("websocket"));
    }
  }

  /** An upgrade is a matter of HTTP/1.1 (RFC 9113 section 8.6). */
  private void checkWebSockets(GatewayConfig config, Problems problems) {
    Stream.concat(upstream.stream(), split.stream().map(SideSettings::upstream))
        .filter(config.upstreams()::containsKey)
        .filter(id -> config.upstreams().get(id).protocol() != OriginProtocol.HTTP1)
        .forEach(
            id ->
                problems.error(
                    "upstreams."
                        + id
                        + " may speak HTTP/2 (expected: protocol: http1, which WebSockets need)"));
  }

  private void checkUpstreams(GatewayConfig config, Problems problems) {
    problems
        .at("upstream")
        .require(upstream.isPresent() || !split.isEmpty(), "missing (expected: upstream or split)");
    problems
        .at("split")
        .require(upstream.isEmpty() || split.isEmpty(), "beside upstream (expected: one of them)");
    upstream.ifPresent(
        id ->
            problems
                .at("upstream")
                .require(
                    config.upstreams().containsKey(id),
                    Suggestion.unknown("upstream", id, config.upstreams().keySet())));
    if (!split.isEmpty()) {
      Split.check(split, config, problems.at("split"));
    }
    if (sticky.isPresent()) {
      problems
          .at("sticky")
          .require(!split.isEmpty(), "without a split (expected: split beside it)");
      Split.check(sticky.get(), problems.at("sticky"));
    }
  }
}
