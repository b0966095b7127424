package io.sentinelgateway.filter;

import io.netty.util.AsciiString;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.RequestBody;
import io.sentinelgateway.exchange.TestLoop;
import io.sentinelgateway.http.RequestHead;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What do the filters cost that a request usually passes? Subtract the row of none. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FilterChainBenchmark {

  /** Which filters. */
  @Param({"none", "forwarded", "usual"})
  public String filters;

  private Vertx vertx;
  private TestLoop loop;
  private Handler pipeline;
  private Client client;

  @Setup
  public void build() {
    vertx = Vertx.vertx();
    loop = new TestLoop(vertx);
    InetAddress address = InetAddress.getLoopbackAddress();
    client = new Client(address, 4711, address, false, false);
    Handler last = exchange -> Future.succeededFuture(exchange.response());
    pipeline =
        switch (filters) {
          case "none" -> last;
          case "forwarded" -> FilterFixture.filter("{type: forwarded}").over(last);
          default -> usual(last);
        };
  }

  private static Handler usual(Handler last) {
    Handler headers =
        FilterFixture.filter(
                "{type: headers, request: {set: {X-Client: '{client-address} {path}'}},"
                    + " response: {remove: [Server]}}")
            .over(last);
    Handler security = FilterFixture.filter("{type: security-headers, hsts: 180d}").over(headers);
    Handler id = FilterFixture.filter("{type: request-id}").over(security);
    return FilterFixture.filter("{type: forwarded}").over(id);
  }

  @TearDown
  public void close() {
    vertx.close();
  }

  @Benchmark
  public Future<ProxyResponse> pass() {
    Exchange exchange = exchange();
    Future<ProxyResponse> answer = pipeline.handle(exchange);
    exchange.runHooks();
    return answer;
  }

  private Exchange exchange() {
    MultiMap fields = HttpHeaders.headers();
    add(fields, "Host", "shop.example");
    add(fields, "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101");
    add(fields, "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    add(fields, "Accept-Language", "en-GB,en;q=0.7,de;q=0.3");
    add(fields, "Accept-Encoding", "gzip, deflate, br, zstd");
    add(fields, "Referer", "https://shop.example/items?page=2");
    add(fields, "Cookie", "session=3f1c1e6f0a2b4c5d; theme=dark; consent=yes");
    RequestHead head =
        new RequestHead(
            "GET", "http", "shop.example", -1, "/items", "page=3", fields, client.address());
    return new Exchange(request(), head, client, NO_CONTENT, loop);
  }

  private static void add(MultiMap fields, String name, String value) {
    fields.add(new AsciiString(name), new AsciiString(value));
  }

  private static final RequestBody NO_CONTENT =
      (RequestBody)
          Proxy.newProxyInstance(
              FilterChainBenchmark.class.getClassLoader(),
              new Class<?>[] {RequestBody.class},
              (self, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
              });

  /** As much of the library's request as filters ask for. */
  private static HttpServerRequest request() {
    MultiMap fields = HttpHeaders.headers();
    ClassLoader loader = FilterChainBenchmark.class.getClassLoader();
    Object response =
        Proxy.newProxyInstance(
            loader, new Class<?>[] {HttpServerResponse.class}, (self, method, args) -> fields);
    return (HttpServerRequest)
        Proxy.newProxyInstance(
            loader,
            new Class<?>[] {HttpServerRequest.class},
            (self, method, args) ->
                method.getName().equals("version") ? HttpVersion.HTTP_1_1 : response);
  }
}
