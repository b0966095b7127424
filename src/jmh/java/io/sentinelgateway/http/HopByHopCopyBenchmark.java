package io.sentinelgateway.http;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
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

/** What does it cost to judge, and to copy, the fields that a browser sends? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HopByHopCopyBenchmark {

  /** The value of Connection. */
  @Param({"keep-alive", "Upgrade, HTTP2-Settings, X-Named"})
  public String connection;

  private MultiMap fields;

  /** Builds the fields as the codec does: names and values are octets, not strings. */
  @Setup
  public void build() {
    fields = MultiMap.caseInsensitiveMultiMap();
    add("Host", "shop.example");
    add("Connection", connection);
    add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
    add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    add("Accept-Language", "en-GB,en;q=0.7,de;q=0.3");
    add("Accept-Encoding", "gzip, deflate, br, zstd");
    add("Referer", "https://shop.example/items?page=2");
    add("Cookie", "session=3f1c1e6f0a2b4c5d; theme=dark; consent=yes");
    add("Upgrade-Insecure-Requests", "1");
    add("Sec-Fetch-Dest", "document");
    add("Sec-Fetch-Mode", "navigate");
    add("Sec-Fetch-Site", "same-origin");
    add("Priority", "u=0, i");
  }

  /** All rules for the fields of a request. */
  @Benchmark
  public Violation judge() {
    return RequestRules.http1("GET", true, fields, 100);
  }

  /** One copy of the fields, without those that end here. */
  @Benchmark
  public MultiMap copy() {
    MultiMap to = HttpHeaders.headers();
    HopByHop.copyEndToEnd(fields, to, ConnectionOptions.of(fields));
    return to;
  }

  private void add(String name, String value) {
    fields.add(new AsciiString(name), new AsciiString(value));
  }
}
