package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Suggestion;
import java.util.Map;
import java.util.Optional;

/** A request and the decision it must get. */
public record RouteTest(
    @Doc("Method and absolute target: `GET https://shop.example/cart`.") String request,
    @Doc("Field lines of the request.") @Default("{}") Map<String, String> headers,
    @Doc("The client's address.") @Default("127.0.0.1") String client,
    @Doc("The listener it comes in by; absent: the first one.") Optional<String> listener,
    @Doc("What must come of it.") ExpectConfig expect) {

  void check(GatewayConfig config, Problems problems) {
    problems
        .at("request")
        .require(
            request.matches("[A-Z]+ https?://[^ ]+"),
            '"'
                + request
                + "\" (expected: method and absolute target, such as GET https://a.example/x)");
    listener.ifPresent(
        id ->
            problems
                .at("listener")
                .require(
                    config.listeners().containsKey(id),
                    Suggestion.unknown("listener", id, config.listeners().keySet())));
    expect
        .route()
        .ifPresent(
            id ->
                problems
                    .at("expect")
                    .at("route")
                    .require(
                        id.equals("none") || config.routes().containsKey(id),
                        Suggestion.unknown("route", id, config.routes().keySet())));
    expect
        .upstream()
        .ifPresent(
            id ->
                problems
                    .at("expect")
                    .at("upstream")
                    .require(
                        config.upstreams().containsKey(id),
                        Suggestion.unknown("upstream", id, config.upstreams().keySet())));
  }

  /** What must come of a test's request. */
  public record ExpectConfig(
      @Doc("Id of the route that must win, or `none`.") Optional<String> route,
      @Doc("Id of the upstream it must go to.") Optional<String> upstream,
      @Doc("The request target that is sent to the origin.") Optional<String> target,
      @Doc("The status of an answer that the gateway itself gives.") Optional<Integer> status) {}
}
