package io.sentinelgateway.split;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.route.RequestMatch;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Suggestion;
import io.sentinelgateway.upstream.Upstream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams of a route, and which of them a request goes to. Immutable; any thread.
 *
 * <p>The first side whose {@code when} holds gets the request; it leaves no trace at the client,
 * who is back among the others when it stops asking. Then the client's cookie or its key counts,
 * then chance.
 */
public final class Split {

  private final List<Side> sides;
  private final Side[] conditional;
  private final Shares shares;
  private final @Nullable SideCookie cookie;
  private final @Nullable Template key;

  /**
   * @param settings checked
   * @param sticky {@code null} when each request is decided anew
   * @param upstreams by id
   */
  public Split(
      List<SideSettings> settings,
      @Nullable StickySettings sticky,
      Function<String, Upstream> upstreams) {
    this(settings.stream().map(side -> side(side, upstreams)).toList(), sticky);
  }

  private Split(List<Side> sides, @Nullable StickySettings sticky) {
    this.sides = sides;
    this.conditional = sides.stream().filter(side -> side.when() != null).toArray(Side[]::new);
    this.shares = new Shares(sides);
    this.cookie =
        sticky == null
            ? null
            : sticky.cookie().map(c -> new SideCookie(c, shares.sides())).orElse(null);
    this.key = sticky == null ? null : sticky.key().orElse(null);
  }

  /** One upstream that gets everything. */
  public static Split none(Upstream upstream) {
    return new Split(List.of(new Side(upstream, 1, null)), null);
  }

  private static Side side(SideSettings settings, Function<String, Upstream> upstreams) {
    return new Side(
        upstreams.apply(settings.upstream()),
        settings.weight(),
        settings.when().map(RequestMatch::of).orElse(null));
  }

  /**
   * Adds what is wrong with the sides.
   *
   * @param problems stands at the list
   */
  public static void check(List<SideSettings> sides, GatewayConfig config, Problems problems) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < sides.size(); i++) {
      SideSettings side = sides.get(i);
      Problems at = problems.at(i);
      at.at("upstream")
          .require(
              config.upstreams().containsKey(side.upstream()),
              Suggestion.unknown("upstream", side.upstream(), config.upstreams().keySet()));
      at.at("upstream")
          .require(
              seen.add(side.upstream()),
              side.upstream() + " has a side already (expected: one side for each upstream)");
      side.when().ifPresent(when -> RequestMatch.check(when, at.at("when")));
    }
    problems.require(
        sides.stream().anyMatch(side -> side.weight() > 0),
        "no side has a weight (expected: at least one, for requests that no when decides)");
  }

  /** Adds what is wrong with how clients stay on their side. */
  public static void check(StickySettings sticky, Problems problems) {
    sticky.check(problems);
  }

  /** Where this request goes. Its answer may have to tell the client so: call it once. */
  public Upstream choose(Exchange exchange) {
    Side side = settled(exchange);
    if (side == null) {
      side = shares.at(chance(exchange));
      if (cookie != null) {
        cookie.set(exchange, side);
      }
    }
    return side.upstream();
  }

  private double chance(Exchange exchange) {
    return shares.single() ? 0 : exchange.loop().random().nextDouble();
  }

  /** The side that is not left to chance; {@code null} when chance decides. */
  private @Nullable Side settled(Exchange exchange) {
    for (Side side : conditional) {
      if (side.wants(exchange.head())) {
        return side;
      }
    }
    if (cookie != null) {
      return cookie.side(exchange);
    }
    String value = key == null ? "" : key.render(exchange);
    return value.isEmpty() ? null : shares.at(Shares.place(value));
  }

  /** Where a request would go, and why. Changes nothing. */
  public Choice explain(Exchange exchange) {
    Side side = settled(exchange);
    if (side == null) {
      String reason = shares.single() ? "" : "by chance: ";
      return new Choice(
          shares.sides().stream().map(Side::upstream).toList(),
          sides.size() == 1 ? "" : reason + shares.describe());
    }
    return new Choice(List.of(side.upstream()), reason(side, exchange));
  }

  private String reason(Side side, Exchange exchange) {
    RequestMatch when = side.when();
    if (when != null && when.matches(exchange.head())) {
      return "when " + when.describe();
    }
    return cookie != null ? cookie.describe() : "key " + key + " among " + shares.describe();
  }

  /** Every upstream that may get requests. */
  public List<Upstream> upstreams() {
    return sides.stream().map(Side::upstream).toList();
  }
}
