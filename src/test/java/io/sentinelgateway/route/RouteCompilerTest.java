package io.sentinelgateway.route;

import static io.sentinelgateway.route.Samples.exactly;
import static io.sentinelgateway.route.Samples.like;
import static io.sentinelgateway.route.Samples.match;
import static io.sentinelgateway.route.Samples.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.RouteConfig;
import io.sentinelgateway.route.Samples.Match;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.schema.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteCompilerTest {

  /** Ids are a, b, …, in the order of the file. */
  private static List<Problem> check(Match... matches) {
    Map<String, RouteConfig> configs = new LinkedHashMap<>();
    for (Match match : matches) {
      int i = configs.size();
      configs.put(i < 26 ? String.valueOf((char) ('a' + i)) : "r" + i, match.route());
    }
    Problems problems = new Problems(pointer -> new Position("f", 1, 1));
    RouteCompiler.check(configs, problems.at("routes"));
    return problems.list();
  }

  private static void shadows(Match first, Match second) {
    assertThat(check(first, second)).extracting(Problem::path).containsExactly("routes.b");
  }

  private static void lives(Match first, Match second) {
    assertThat(check(first, second)).isEmpty();
  }

  @Test
  void compilesRoutesInTheOrderOfTheFile() {
    Map<String, RouteConfig> configs = new LinkedHashMap<>();
    configs.put("z", match().route());
    configs.put("a", match().priority(3).path("^ /x").route());
    List<Route> routes = RouteCompiler.compile(configs, id -> Samples.NOWHERE);
    assertThat(routes).extracting(Route::id).containsExactly("z", "a");
    assertThat(routes.get(1).description()).isEqualTo("prefix /x, priority 3");
    assertThat(routes.get(0).description()).isEqualTo("any request");
    assertThat(routes.get(0).pipeline()).isSameAs(Samples.NOWHERE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a:80", "http://a", "~(", "", "a/b", "*.*", "*.", "a.*.b", "[::1"})
  void refusesAHostThatIsNone(String host) {
    assertThat(check(match().host(host)))
        .extracting(Problem::path)
        .containsExactly("routes.a.match");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "= a",
        "= /..",
        "= /a b",
        "= /caf\u00e9",
        "^ api",
        "^ /a?b",
        ": /a/{",
        ": /a/{b}c",
        ": /a/{b*}/c",
        ": /{a}/{a}",
        ": /{}",
        ": /a/../{b}",
        ": {a}",
        "~ (",
        "~ a(?=b)"
      })
  void refusesAPathThatCannotBeUsed(String path) {
    assertThat(check(match().path(path)))
        .singleElement()
        .satisfies(p -> assertThat(p.severity()).isEqualTo(Problem.Severity.ERROR));
  }

  @Test
  void placesTheFaultWhereItStands() {
    assertThat(check(match().any(match(), match().path("~ (")).not(match().host("a b"))))
        .extracting(Problem::path)
        .containsExactlyInAnyOrder("routes.a.match.any[1]", "routes.a.match.not");
    assertThat(check(match().header("x", like("(")))).hasSize(1);
  }

  @Test
  void warnsOfARouteThatCanNeverMatch() {
    List<Problem> found = check(match().path("^ /").priority(200), match().path("^ /canary"));
    assertThat(found)
        .extracting(Problem::toString)
        .containsExactly(
            "f:1:1  warn  routes.b: can never match: a (prefix /, priority 200) comes first");
  }

  @Test
  void findsShadowsOfEveryKindOfCondition() {
    shadows(match(), match());
    shadows(match().path("^ /a"), match().path("^ /a"));
    shadows(match().path("^ /a").priority(1), match().path("= /a/b"));
    shadows(match().path("^ /a").priority(1), match().path("^ /a/b"));
    shadows(match().path("^ /a").priority(1), match().path(": /a/{b}"));
    shadows(match().path(": /a/{b}").priority(1), match().path("= /a/b"));
    shadows(match().path("~ /a.*").priority(1), match().path("= /a/b"));
    shadows(match().host("*.b").priority(1), match().host("a.b"));
    shadows(match().host("~.*").priority(1), match().host("a.b"));
    shadows(match().host("a", "b").priority(1), match().host("b"));
    shadows(match().priority(1), match().host("b", "*.b", "~b.*").path("= /"));
    shadows(match().methods("GET", "PUT").priority(1), match().methods("PUT"));
    shadows(match().source("10.0.0.0/8").priority(1), match().source("10.1.0.0/16"));
    shadows(match().header("x", there(true)).priority(1), match().header("X", exactly("1")));
    shadows(match().header("x", like("[0-9]")).priority(1), match().header("x", exactly("1")));
    shadows(match().query("q", exactly("1")).priority(1), match().query("q", exactly("1")));
    shadows(match().not(match().path("= /a")).priority(1), match().not(match().path("^ /a")));
    shadows(
        match().any(match().methods("GET"), match().host("a")).priority(1), match().methods("GET"));
    shadows(match().listeners("x", "y").priority(1), match().listeners("x"));
  }

  @Test
  void accusesNoRouteThatLives() {
    lives(match().path("^ /a").priority(1), match().path("^ /"));
    lives(match().path("^ /a").priority(1), match().path("^ /ab"));
    lives(match().path("^ /a/").priority(1), match().path("^ /a"));
    lives(match().path("= /a").priority(1), match().path("^ /a"));
    lives(match().path(": /a/{b}").priority(1), match().path("^ /a"));
    lives(match().path("^ /a/b").priority(1), match().path(": /a/{b}"));
    lives(match().host("a.b").priority(1), match().host("*.b"));
    lives(match().host("a").priority(1), match().host("a", "b"));
    lives(match().host("a").priority(1), match());
    lives(match().methods("GET").priority(1), match().methods("GET", "PUT"));
    lives(match().source("10.1.0.0/16").priority(1), match().source("10.0.0.0/8"));
    lives(match().header("x", exactly("1")).priority(1), match().header("x", there(true)));
    lives(match().header("x", there(false)).priority(1), match().header("x", there(true)));
    lives(match().header("x", exactly("1")).priority(1), match().query("x", exactly("1")));
    lives(match().not(match().path("^ /a")).priority(1), match().not(match().path("= /a")));
    lives(match().listeners("x").priority(1), match());
    lives(match().listeners("x").priority(1), match().listeners("x", "y"));
    lives(match().path("^ /"), match().path("^ /canary"));
  }

  @Test
  @Timeout(30)
  void judgesTenThousandRoutes() {
    Match[] matches = new Match[10_000];
    for (int i = 0; i < matches.length; i++) {
      matches[i] = match().path("^ /service-" + i);
    }
    assertThat(check(matches)).isEmpty();
  }
}
