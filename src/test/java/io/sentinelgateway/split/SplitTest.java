package io.sentinelgateway.split;

import static io.sentinelgateway.split.SplitFixture.request;
import static io.sentinelgateway.split.SplitFixture.split;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.TestLoop;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {

  private static final String BY_USER = "sticky: {key: \"{header.X-User}\"}";

  private final Vertx vertx = Vertx.vertx();
  private final TestLoop loop = new TestLoop(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private String choice(Split split, String... lines) {
    return split.choose(request(loop, lines)).id();
  }

  private static Split shares(int shop, int next, String more) {
    return split(
        "{split: [{upstream: shop, weight: %d}, {upstream: next, weight: %d}] %s}"
            .formatted(shop, next, more));
  }

  /** The share of each upstream in so many choices. */
  private Map<String, Double> measured(Split split, int requests) {
    Map<String, Double> shares = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      shares.merge(choice(split), 1.0 / requests, Double::sum);
    }
    return shares;
  }

  @Test
  void dividesRequestsByWeight() {
    Map<String, Double> measured = measured(shares(95, 5, ""), 40_000);

    // The standard deviation is 0.0011.
    assertThat(measured.get("next")).isCloseTo(0.05, within(0.004));
    assertThat(measured.get("shop")).isCloseTo(0.95, within(0.004));
  }

  @Test
  void weightsAreRelativeToEachOther() {
    Split split =
        split(
            "{split: [{upstream: shop, weight: 3}, {upstream: next}, {upstream: lab, weight: 1}]}");
    Map<String, Double> measured = measured(split, 20_000);

    assertThat(measured.get("lab")).isCloseTo(0.25, within(0.015));
    assertThat(measured).doesNotContainKey("next");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Canary: 1          | next",
        "X-Canary: 2          | shop",
        "Cookie: a=b; canary=x| next",
        "X-Lab: anything      | lab",
        "A: b                 | shop",
      })
  void aConditionWinsOverWeights(String line, String upstream) {
    Split split =
        split(
            """
            {split: [{upstream: shop, weight: 1},
                     {upstream: next, when: {any: [{headers: {x-canary: "1"}},
                                                   {cookies: {canary: present}}]}},
                     {upstream: lab, when: {headers: {x-lab: {regex: "any.*"}}}}]}
            """);
    assertThat(choice(split, line)).isEqualTo(upstream);
  }

  @Test
  void theFirstConditionThatHoldsWins() {
    Split split =
        split(
            """
            {split: [{upstream: shop, weight: 1},
                     {upstream: next, when: {headers: {x-a: present}}},
                     {upstream: lab, when: {headers: {x-b: present}}}]}
            """);
    assertThat(choice(split, "X-B: 1", "X-A: 1")).isEqualTo("next");
  }

  @Test
  void aKeyIsAlwaysOnTheSameSide() {
    Split one = shares(50, 50, "," + BY_USER);
    Split other = shares(50, 50, "," + BY_USER);
    for (int i = 0; i < 200; i++) {
      assertThat(choice(one, "X-User: " + i)).isEqualTo(choice(other, "X-User: " + i));
    }
  }

  @Test
  void keysThatDifferLittleAreDividedByWeight() {
    Split split = shares(80, 20, "," + BY_USER);
    long next =
        IntStream.range(0, 20_000)
            .filter(i -> choice(split, "X-User: user-" + i).equals("next"))
            .count();
    assertThat(next / 20_000.0).isCloseTo(0.2, within(0.01));
  }

  @Test
  void aChangeOfWeightsMovesOnlyTheDifference() {
    Split before = shares(95, 5, "," + BY_USER);
    Split after = shares(180, 20, "," + BY_USER);
    int moved = 0;
    for (int i = 0; i < 20_000; i++) {
      String was = choice(before, "X-User: " + i);
      String is = choice(after, "X-User: " + i);
      if (!was.equals(is)) {
        assertThat(was).isEqualTo("shop");
        moved++;
      }
    }
    assertThat(moved / 20_000.0).isCloseTo(0.05, within(0.006));
  }

  @Test
  void aKeyHasTheSamePlaceOnEveryGateway() {
    // Other numbers would move clients at an upgrade, and between gateways during it.
    assertThat(Shares.place("")).isEqualTo(0.93676944839044);
    assertThat(Shares.place("alice")).isEqualTo(0.20715047597194325);
  }

  @Test
  void whoHasNoKeyIsDecidedByChance() {
    Map<String, Double> measured = measured(shares(50, 50, "," + BY_USER), 4_000);
    assertThat(measured.get("next")).isCloseTo(0.5, within(0.05));
  }

  @Test
  void aCookieKeepsTheSideAndIsSetOnce() {
    Split split = shares(1, 1, ", sticky: {cookie: side}");
    Exchange first = request(loop);
    String side = split.choose(first).id();
    first.runHooks();
    assertThat(first.response().fields().getAll("set-cookie"))
        .containsExactly("side=" + side + "; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax");

    for (int i = 0; i < 50; i++) {
      Exchange again = request(loop, "Cookie: side=" + side);
      assertThat(split.choose(again).id()).isEqualTo(side);
      again.runHooks();
      assertThat(again.response().fields().contains("set-cookie")).isFalse();
    }
  }

  @Test
  void aCookieKeepsTheSideOverAChangeOfWeights() {
    Split after = shares(1, 1_000_000, ", sticky: {cookie: side}");
    for (int i = 0; i < 50; i++) {
      assertThat(choice(after, "Cookie: side=shop")).isEqualTo("shop");
    }
  }

  @ParameterizedTest
  @CsvSource({"next", "lab", "nowhere", "''"})
  void aCookieOfASideWithoutWeightCountsForNothing(String named) {
    Split split =
        split(
            """
            {split: [{upstream: shop, weight: 1}, {upstream: next},
                     {upstream: lab, when: {headers: {x-lab: present}}}],
             sticky: {cookie: {name: side, max-age: 1h}}}
            """);
    Exchange exchange = request(loop, "Cookie: side=" + named);
    assertThat(split.choose(exchange).id()).isEqualTo("shop");
    exchange.runHooks();
    assertThat(exchange.response().fields().get("set-cookie"))
        .startsWith("side=shop; Max-Age=3600");
  }

  @Test
  void aConditionWinsOverTheCookieAndLeavesNone() {
    Split split =
        split(
            """
            {split: [{upstream: shop, weight: 1},
                     {upstream: next, weight: 1, when: {headers: {x-canary: present}}}],
             sticky: {cookie: side}}
            """);
    Exchange exchange = request(loop, "X-Canary: 1", "Cookie: side=shop");
    assertThat(split.choose(exchange).id()).isEqualTo("next");
    exchange.runHooks();
    assertThat(exchange.response().fields().contains("set-cookie")).isFalse();
  }

  @Test
  void tellsWhatDecides() {
    String sides =
        "{split: [{upstream: shop, weight: 19}, {upstream: next, weight: 1, when: {headers:"
            + " {x-canary: \"1\"}}}] %s}";
    assertThat(explained(split(sides.formatted("")), "A: b"))
        .isEqualTo("shop next: by chance: shop 95%, next 5%");
    assertThat(explained(split(sides.formatted("")), "X-Canary: 1"))
        .isEqualTo("next: when headers x-canary 1");
    assertThat(explained(split(sides.formatted(", sticky: {cookie: c}")), "Cookie: c=next"))
        .isEqualTo("next: cookie c");
    assertThat(explained(split(sides.formatted("," + BY_USER)), "X-User: alice"))
        .isEqualTo("shop: key {header.X-User} among shop 95%, next 5%");
  }

  private String explained(Split split, String line) {
    Choice choice = split.explain(request(loop, line));
    List<String> ids = choice.upstreams().stream().map(Upstream::id).toList();
    return String.join(" ", ids) + ": " + choice.reason();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                  | .upstream: missing (expected: upstream or split)",
        "{upstream: shop, split: [{upstream: next, weight: 1}]}"
            + "| .split: beside upstream (expected: one of them)",
        "{split: [{upstream: shop}]}         | .split: no side has a weight (expected: at least"
            + " one, for requests that no when decides)",
        "{split: [{upstream: shop, weight: 1}, {upstream: shop}]}"
            + "| .split[1].upstream: shop has a side already (expected: one side for each upstream)",
        "{split: [{upstream: shopp, weight: 1}]}"
            + "| .split[0].upstream: no upstream named shopp (did you mean shop?)",
        "{split: [{upstream: shop, weight: 1, when: {headers: {a: {regex: \"(\"}}}}]}"
            + "| .split[0].when.headers.a.regex: \"(\" (expected: RE2 syntax; missing closing ))",
        "{upstream: shop, sticky: {cookie: c}}"
            + "| .sticky: without a split (expected: split beside it)",
        "{split: [{upstream: shop, weight: 1}], sticky: {cookie: \"a b\"}}"
            + "| .sticky.cookie.name: \"a b\" (expected: a name without spaces)",
        "{split: [{upstream: shop, weight: 1}], sticky: {key: all}}"
            + "| .sticky.key: all (expected: a placeholder, such as {client-address})",
        "{split: [{upstream: shop, weight: 1}], sticky: {}}"
            + "| .sticky: nothing (expected: exactly one of cookie, key)",
        "{upstream: shop, mirror: {upstream: nex}}"
            + "| .mirror.upstream: no upstream named nex (did you mean next?)",
      })
  void saysWhatIsWrong(String forward, String problem) {
    assertThat(SplitFixture.problems(forward)).containsExactly(problem);
  }
}
