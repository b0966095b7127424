package io.sentinelgateway;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;

/** The picture of the house as data: which rooms there are, and how high each one lies. */
final class Rooms {

  static final String BASE = "io.sentinelgateway";

  /** A room may use its own level and the ones below it; docs/internals/house.md shows the same. */
  static final Map<String, Integer> LEVELS =
      Map.ofEntries(
          Map.entry("schema", 0),
          Map.entry("config", 1),
          Map.entry("error", 0),
          Map.entry("http", 0),
          Map.entry("resilience", 0),
          Map.entry("wire", 0),
          Map.entry("spread", 0),
          Map.entry("handover", 1),
          Map.entry("exchange", 1),
          Map.entry("target", 1),
          Map.entry("source", 1),
          Map.entry("yaml", 1),
          Map.entry("agent", 2),
          Map.entry("upstream", 2),
          Map.entry("discovery", 2),
          Map.entry("health", 2),
          Map.entry("origin", 2),
          Map.entry("streams", 2),
          Map.entry("balance", 2),
          Map.entry("observe", 2),
          Map.entry("route", 2),
          Map.entry("split", 2),
          Map.entry("tls", 2),
          Map.entry("tunnel", 2),
          Map.entry("forward", 3),
          Map.entry("inquiry", 3),
          Map.entry("filter", 3),
          Map.entry("handler", 3),
          Map.entry("runtime", 4),
          Map.entry("bus", 5),
          Map.entry("listener", 5),
          Map.entry("passthrough", 5),
          Map.entry("admin", 5),
          Map.entry("warmup", 5),
          Map.entry("verticle", 6),
          Map.entry("cli", 7),
          Map.entry("embed", 7),
          Map.entry("", 7));

  /** What a request passes through. Here nothing waits. */
  private static final Set<String> DATA_PLANE =
      Set.of(
          "http",
          "exchange",
          "target",
          "agent",
          "upstream",
          "origin",
          "streams",
          "resilience",
          "balance",
          "spread",
          "route",
          "split",
          "tls",
          "tunnel",
          "forward",
          "inquiry",
          "filter",
          "handler",
          "runtime",
          "listener",
          "passthrough",
          "embed");

  private Rooms() {}

  /** The room of a class of ours; empty for the root package. */
  static String of(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(BASE) ? "" : name.substring(BASE.length() + 1);
  }

  static boolean ours(JavaClass type) {
    return type.getPackageName().equals(BASE) || type.getPackageName().startsWith(BASE + ".");
  }

  static int level(JavaClass type) {
    return LEVELS.getOrDefault(of(type), Integer.MAX_VALUE);
  }

  static DescribedPredicate<JavaClass> inRooms(String... rooms) {
    Set<String> names = Set.of(rooms);
    return DescribedPredicate.describe(
        "are in " + String.join(", ", rooms), c -> ours(c) && names.contains(of(c)));
  }

  static DescribedPredicate<JavaClass> onTheRequestPath() {
    return DescribedPredicate.describe(
        "are on the request path", c -> ours(c) && DATA_PLANE.contains(of(c)));
  }

  /** The outermost class around a nested or anonymous one. */
  static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(Rooms::outermost).orElse(type);
  }
}
