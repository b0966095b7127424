package io.sentinelgateway.route;

import static io.sentinelgateway.route.Samples.exactly;
import static io.sentinelgateway.route.Samples.match;
import static io.sentinelgateway.route.Samples.request;
import static io.sentinelgateway.route.Samples.route;
import static io.sentinelgateway.route.Samples.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.route.Samples.Match;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The index is only a short cut: a plain look at one rule after the other finds the same. */
class RandomRoutesTest {

  private static final String[] HOSTS = {
    "a.example", "b.example", "c.b.example", "example", "a.org", "[::1]"
  };
  private static final String[] PATTERNS = {
    "a.example",
    "b.example",
    "*.example",
    "*.b.example",
    "~[ab]\\..*",
    "~.*\\.org",
    "example",
    "::1"
  };
  private static final String[] SEGMENTS = {"", "a", "b", "c", "a%2Fb", "ab"};
  private static final String[] METHODS = {"GET", "POST", "PUT"};

  private final Random random = new Random(7);

  @Test
  void agreesWithALinearScan() {
    int found = 0;
    for (int round = 0; round < 150; round++) {
      List<Route> routes = routes(1 + random.nextInt(60));
      RouteTable table = RouteTable.of(routes);
      List<Rule> rules = Rule.sorted(routes);
      for (int i = 0; i < 100; i++) {
        RequestHead head = randomRequest();
        Optional<Route> scanned = scan(rules, head);
        assertThat(table.find(head))
            .as(() -> table.explain(head).lines().toString())
            .isEqualTo(scanned);
        assertThat(table.explain(head).route()).isEqualTo(scanned.map(Route::id));
        found += scanned.isPresent() ? 1 : 0;
      }
    }
    assertThat(found).isBetween(5_000, 14_950);
  }

  @Test
  void neverCallsALivingRouteDead() {
    int dead = 0;
    for (int round = 0; round < 150; round++) {
      List<Route> routes = routes(1 + random.nextInt(40));
      Map<Route, Route> shadowed = Shadowed.find(routes);
      RouteTable table = RouteTable.of(routes);
      Set<Route> taken = new HashSet<>();
      for (int i = 0; i < 300; i++) {
        table.find(randomRequest()).ifPresent(taken::add);
      }
      assertThat(shadowed.keySet()).noneMatch(taken::contains);
      dead += shadowed.size();
    }
    assertThat(dead).isGreaterThan(150);
  }

  private static Optional<Route> scan(List<Rule> rules, RequestHead head) {
    Subject subject = new Subject(head);
    return rules.stream()
        .filter(rule -> rule.conditions().stream().allMatch(c -> c.matches(subject)))
        .map(Rule::route)
        .findFirst();
  }

  private List<Route> routes(int number) {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      routes.add(route("r" + i, randomMatch(2)));
    }
    return routes;
  }

  private Match randomMatch(int depth) {
    Match match = match().priority(random.nextInt(10) == 0 ? random.nextInt(3) - 1 : 0);
    while (random.nextInt(3) == 0) {
      match.host(one(PATTERNS));
    }
    if (random.nextInt(6) > 0) {
      match.path(path());
    }
    if (random.nextInt(4) == 0) {
      match.methods(one(METHODS), one(METHODS));
    }
    if (random.nextInt(6) == 0) {
      match.query("q", random.nextBoolean() ? exactly("1") : there(random.nextBoolean()));
    }
    if (random.nextInt(6) == 0) {
      match.header("x-h", random.nextBoolean() ? exactly("1") : there(random.nextBoolean()));
    }
    if (random.nextInt(8) == 0) {
      match.source(random.nextBoolean() ? "10.0.0.0/8" : "10.1.0.0/16");
    }
    if (depth > 0 && random.nextInt(6) == 0) {
      match.not(randomMatch(depth - 1));
    }
    if (depth > 0 && random.nextInt(6) == 0) {
      match.any(randomMatch(depth - 1), randomMatch(depth - 1));
    }
    return match;
  }

  private String path() {
    return switch (random.nextInt(7)) {
      case 0, 1 -> "= " + segments(SEGMENTS);
      case 2, 3 -> "^ " + segments(SEGMENTS);
      case 4, 5 -> ": " + template();
      default -> random.nextBoolean() ? "~ /a.*" : "~ .*/b";
    };
  }

  private String template() {
    StringBuilder path = new StringBuilder();
    int segments = 1 + random.nextInt(3);
    for (int i = 0; i < segments; i++) {
      path.append('/').append(random.nextBoolean() ? one(SEGMENTS) : "{p" + i + "}");
    }
    return random.nextInt(4) == 0 ? path + "/{rest*}" : path.toString();
  }

  private String segments(String[] from) {
    StringBuilder path = new StringBuilder();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      path.append('/').append(one(from));
    }
    return path.toString();
  }

  private RequestHead randomRequest() {
    String query = random.nextInt(3) == 0 ? "?q=" + random.nextInt(2) : "";
    String line = one(METHODS) + " http://" + one(HOSTS) + segments(SEGMENTS) + query;
    String client = random.nextBoolean() ? "10.0.0.1" : "10.1.0.1";
    String[] fields =
        random.nextInt(3) == 0 ? new String[] {"X-H", "" + random.nextInt(2)} : new String[0];
    return request(client, line, fields);
  }

  private String one(String[] of) {
    return of[random.nextInt(of.length)];
  }
}
