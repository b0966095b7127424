package io.sentinelgateway.route;

import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.config.MatchConfig;
import io.sentinelgateway.config.MatchConfig.PathMatch;
import io.sentinelgateway.config.RouteConfig;
import io.sentinelgateway.http.RequestHead;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Does finding a route cost the same with 10,000 routes as with 10?
 *
 * <p>The same requests in number, each for a random route, so that a large table does not stay in
 * the nearest cache: the honest difference is that of the caches.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RouteLookupBenchmark {

  private static final int REQUESTS = 1 << 10;

  /** How many routes the table has. */
  @Param({"10", "10000"})
  public int routes;

  /** What the routes differ in: their host, their prefix, or their template. */
  @Param({"host", "prefix", "template"})
  public String differ;

  private RouteTable table;
  private RequestHead[] requests;
  private int next;

  /** Builds the table and the requests. */
  @Setup
  public void build() {
    List<Route> all = new ArrayList<>();
    for (int i = 0; i < routes; i++) {
      all.add(Route.of("r" + i, route(i), exchange -> Future.succeededFuture()));
    }
    table = RouteTable.of(all);
    Random random = new Random(1);
    requests = new RequestHead[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = request(random.nextInt(routes));
      if (table.find(requests[i]).isEmpty()) {
        throw new IllegalStateException("no route for " + requests[i]);
      }
    }
  }

  /** One lookup. */
  @Benchmark
  public Optional<Route> find() {
    return table.find(requests[next++ & REQUESTS - 1]);
  }

  /** Of the same length for every route: the question is their number. */
  private static String name(int i) {
    return "s" + (100_000 + i);
  }

  private RouteConfig route(int i) {
    Optional<String> no = Optional.empty();
    List<String> hosts = differ.equals("host") ? List.of(name(i) + ".example") : List.of();
    PathMatch path =
        switch (differ) {
          case "host" -> new PathMatch(no, Optional.of("/api"), no, no);
          case "prefix" -> new PathMatch(no, Optional.of("/api/" + name(i)), no, no);
          default -> new PathMatch(no, no, Optional.of("/api/" + name(i) + "/{id}/parts"), no);
        };
    MatchConfig match =
        new MatchConfig(
            hosts,
            Optional.of(path),
            List.of("GET"),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty());
    return new RouteConfig(match, 0, List.of(), List.of(), new Nowhere());
  }

  private RequestHead request(int i) {
    String host = differ.equals("host") ? name(i) + ".example" : "shop.example";
    String path = differ.equals("host") ? "/api/items/17/parts" : "/api/" + name(i) + "/17/parts";
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    InetAddress client = InetAddress.getLoopbackAddress();
    return new RequestHead("GET", "http", host, -1, path, null, fields, client);
  }

  private record Nowhere() implements HandlerSettings {}
}
