package io.sentinelgateway.route;

import io.netty.util.NetUtil;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.config.MatchConfig;
import io.sentinelgateway.config.MatchConfig.PathMatch;
import io.sentinelgateway.config.MatchConfig.ValueMatch;
import io.sentinelgateway.config.RouteConfig;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.http.RequestTarget;
import io.sentinelgateway.schema.Cidr;
import io.sentinelgateway.schema.Problems;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Short ways to write routes and requests in tests. */
final class Samples {

  static final Handler NOWHERE = exchange -> Future.succeededFuture();

  private Samples() {}

  /** {@code GET https://shop.example/x} and field lines, name and value in turns. */
  static RequestHead request(String line, String... lines) {
    return request("127.0.0.1", line, lines);
  }

  static RequestHead request(String client, String line, String[] lines) {
    String[] words = line.split(" ", 2);
    RequestTarget target = RequestTarget.parse(words[1], words[0], false);
    if (!target.violation().none()) {
      throw new IllegalArgumentException(line + ": " + target.violation().detail());
    }
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < lines.length; i += 2) {
      fields.add(lines[i], lines[i + 1]);
    }
    return new RequestHead(
        words[0],
        String.valueOf(target.scheme()),
        target.authority() == null ? "" : target.authority().host(),
        target.authority() == null ? -1 : target.authority().port(),
        target.path(),
        target.query(),
        fields,
        NetUtil.createInetAddressFromIpAddressString(client));
  }

  static Match match() {
    return new Match();
  }

  static Route route(String id, Match match) {
    return Route.of(id, match.route(), NOWHERE);
  }

  static ValueMatch exactly(String value) {
    return new ValueMatch(Optional.of(value), Optional.empty(), Optional.empty());
  }

  static ValueMatch like(String regex) {
    return new ValueMatch(Optional.empty(), Optional.of(regex), Optional.empty());
  }

  static ValueMatch there(boolean present) {
    return new ValueMatch(Optional.empty(), Optional.empty(), Optional.of(present));
  }

  /** Collects what a route asks. */
  static final class Match {

    private final List<String> hosts = new ArrayList<>();
    private Optional<PathMatch> path = Optional.empty();
    private final List<String> methods = new ArrayList<>();
    private final Map<String, ValueMatch> headers = new LinkedHashMap<>();
    private final Map<String, ValueMatch> query = new LinkedHashMap<>();
    private final Map<String, ValueMatch> cookies = new LinkedHashMap<>();
    private final List<Cidr> source = new ArrayList<>();
    private final List<MatchConfig> any = new ArrayList<>();
    private Optional<MatchConfig> not = Optional.empty();
    private int priority;
    private List<String> listeners = List.of();

    Match host(String... patterns) {
      hosts.addAll(List.of(patterns));
      return this;
    }

    /** {@code = /x} exact, {@code ^ /x} prefix, {@code : /{x}} template, {@code ~ x} regex. */
    Match path(String text) {
      Optional<String> value = Optional.of(text.substring(2));
      Optional<String> no = Optional.empty();
      path =
          Optional.of(
              switch (text.charAt(0)) {
                case '=' -> new PathMatch(value, no, no, no);
                case '^' -> new PathMatch(no, value, no, no);
                case ':' -> new PathMatch(no, no, value, no);
                default -> new PathMatch(no, no, no, value);
              });
      return this;
    }

    Match methods(String... words) {
      methods.addAll(List.of(words));
      return this;
    }

    Match header(String name, ValueMatch value) {
      headers.put(name, value);
      return this;
    }

    Match query(String name, ValueMatch value) {
      query.put(name, value);
      return this;
    }

    Match cookie(String name, ValueMatch value) {
      cookies.put(name, value);
      return this;
    }

    Match source(String... blocks) {
      List.of(blocks).forEach(block -> source.add(Cidr.parse(block)));
      return this;
    }

    Match any(Match... choices) {
      List.of(choices).forEach(choice -> any.add(choice.config()));
      return this;
    }

    Match not(Match excluded) {
      not = Optional.of(excluded.config());
      return this;
    }

    Match priority(int number) {
      priority = number;
      return this;
    }

    Match listeners(String... ids) {
      listeners = List.of(ids);
      return this;
    }

    MatchConfig config() {
      return new MatchConfig(hosts, path, methods, headers, query, cookies, source, any, not);
    }

    RouteConfig route() {
      return new RouteConfig(config(), priority, listeners, List.of(), new Nothing());
    }
  }

  /** A handler's settings that say nothing. */
  record Nothing() implements HandlerSettings {
    @Override
    public void check(GatewayConfig config, Problems problems) {
      // Nothing can be wrong with nothing.
    }
  }
}
