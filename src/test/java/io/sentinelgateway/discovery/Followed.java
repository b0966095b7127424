package io.sentinelgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.DiscoverySettings;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.verticle.Eventually;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A source that runs alone, and what it told. */
final class Followed implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final DnsThread dns = new DnsThread();
  private final Discovery source;
  private volatile List<TargetConfig> targets = List.of();

  private Followed(DiscoverySettings settings, Map<String, String> environment) {
    Promise<Discovery> started = Promise.promise();
    Findings findings =
        new Findings() {
          @Override
          public void found(List<TargetConfig> all, String trouble) {
            targets = all;
            if (!trouble.isEmpty()) {
              failures.add(trouble);
            }
          }

          @Override
          public void failed(String why) {
            failures.add(why);
          }
        };
    context.runOnContext(
        v -> {
          Discovery made =
              DiscoveryKinds.create(
                  settings,
                  new DiscoveryWiring(
                      vertx,
                      InstantSource.system(),
                      new SplittableRandom(1),
                      name -> Optional.ofNullable(environment.get(name)),
                      dns,
                      findings));
          made.start();
          started.complete(made);
        });
    source = started.future().await();
  }

  /**
   * @param discovery the settings in YAML
   */
  static Followed source(String discovery) {
    return source(discovery, Map.of());
  }

  static Followed source(String discovery, Map<String, String> environment) {
    return new Followed(settings(discovery), environment);
  }

  static DiscoverySettings settings(String discovery) {
    ReadResult read = read(discovery);
    assertThat(read.config()).as(read.problems().toString()).isPresent();
    return read.config().get().upstreams().get("it").discovery().orElseThrow();
  }

  static ReadResult read(String discovery) {
    String yaml =
        """
        version: 1
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams: {it: {discovery: %s}}
        routes: {all: {forward: {upstream: it}}}
        """;
    return Catalog.reader(name -> Optional.empty()).readText("it.yaml", yaml.formatted(discovery));
  }

  List<TargetConfig> targets() {
    return targets;
  }

  /** Address, weight, priority and zone of each, in the order of the addresses. */
  List<String> shown() {
    return targets.stream().map(Followed::show).sorted().toList();
  }

  private static String show(TargetConfig target) {
    return (target.address()
            + " "
            + target.weight()
            + " "
            + target.priority()
            + " "
            + target.zone())
        .strip();
  }

  Queue<String> failures() {
    return failures;
  }

  void finds(String... expected) {
    Eventually.holds(
        "found " + String.join(", ", expected), () -> shown().equals(List.of(expected)));
  }

  void fails(String part) {
    Eventually.holds("said " + part, () -> failures.stream().anyMatch(f -> f.contains(part)));
  }

  @Override
  public void close() {
    Promise<Void> stopped = Promise.promise();
    context.runOnContext(
        v -> {
          source.stop();
          dns.close();
          stopped.complete();
        });
    stopped.future().await();
    vertx.close().await();
  }
}
