package io.sentinelgateway.discovery;

import io.sentinelgateway.config.DiscoveryConfig;
import io.sentinelgateway.config.DiscoverySettings;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.discovery.Api.Answer;
import io.sentinelgateway.resilience.Backoff;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Inlined;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows the healthy instances of a service in Consul by blocking queries: a question waits in
 * Consul until its answer is another than that of the index it names.
 *
 * <p>As Consul's manual wants it: an index that goes backwards, or is none, begins anew from zero;
 * a question is given a sixteenth more time than it asks to wait, which is what Consul may add.
 */
final class ConsulDiscovery implements Discovery {

  /** Between two questions, lest a service that changes all the time is asked without rest. */
  private static final Duration REST = Duration.ofMillis(100);

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);
  private static final int MOST_WEIGHT = 1000;

  /** {@code discovery: {type: consul}} */
  @Doc("Follows the healthy instances of a service in Consul.")
  record Settings(
      @Doc("Name of the service.") String service,
      @Doc("Consul's HTTP interface.") @Default("http://127.0.0.1:8500") String api,
      @Doc("Only instances that have this tag.") Optional<String> tag,
      @Doc("Consul's datacenter; absent: that of the agent.") Optional<String> datacenter,
      @Doc("ACL token.") Optional<Secret> token,
      @Doc("Certificates that are trusted for https; absent: the system's.")
          Optional<String> caFile,
      @Doc("How long a question waits in Consul for a change.")
          @Default("5m")
          @Range(min = "1s", max = "10m")
          Duration maxWait,
      @Doc("How long an answer may take beyond that.")
          @Default("10s")
          @Range(min = "100ms", max = "1m")
          Duration timeout,
      @Inlined DiscoveryConfig common)
      implements DiscoverySettings {

    @Override
    public void check(Problems problems) {
      problems.at("service").require(!service.isBlank(), "none (expected: a name)");
      Api.check(api, problems.at("api"));
    }
  }

  private final Settings settings;
  private final Findings findings;
  private final Api api;
  private final Alarm again;
  private final Backoff backoff;
  private long index;
  private boolean stopped;

  ConsulDiscovery(Settings settings, DiscoveryWiring wiring) {
    this.settings = settings;
    this.findings = wiring.findings();
    this.api = new Api(wiring.vertx(), settings.api(), settings.caFile().orElse(""));
    this.again = new Alarm(wiring.vertx());
    this.backoff = new Backoff(wiring.random());
  }

  @Override
  public void start() {
    Duration wait = index == 0 ? Duration.ZERO : settings.maxWait();
    Map<String, String> fields = new LinkedHashMap<>();
    settings.token().ifPresent(token -> fields.put("x-consul-token", token.reveal()));
    api.get(target(), fields, wait.plus(wait.dividedBy(16)).plus(settings.timeout()))
        .onSuccess(this::answered)
        .onFailure(e -> failed(String.valueOf(e.getMessage())));
  }

  private String target() {
    StringBuilder target = new StringBuilder("/v1/health/service/");
    target.append(encoded(settings.service())).append("?passing=1");
    settings.datacenter().ifPresent(name -> target.append("&dc=").append(encoded(name)));
    settings.tag().ifPresent(name -> target.append("&tag=").append(encoded(name)));
    if (index > 0) {
      target.append("&index=").append(index);
      target.append("&wait=").append(settings.maxWait().toMillis()).append("ms");
    }
    return target.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private void answered(Answer answer) {
    if (stopped) {
      return;
    }
    int status = answer.head().statusCode();
    if (status != 200) {
      failed(settings.api() + " answered " + status);
      return;
    }
    try {
      List<TargetConfig> targets = targets(answer.content().toJsonArray());
      long next = index(answer.head().getHeader("x-consul-index"));
      index = next < index ? 0 : next;
      findings.found(targets);
      backoff.reset();
      again.set(REST, this::start);
    } catch (RuntimeException e) {
      failed(settings.api() + " sent what is no list of instances: " + e.getMessage());
    }
  }

  private static long index(String field) {
    return field != null && field.matches("[0-9]{1,18}") ? Long.parseLong(field) : 0;
  }

  private void failed(String why) {
    if (!stopped) {
      // Whatever the index stood for may be gone: the next answer is to come at once.
      index = 0;
      findings.failed(why);
      again.set(backoff.pause(FIRST_RETRY, LAST_RETRY), this::start);
    }
  }

  private static List<TargetConfig> targets(JsonArray instances) {
    Map<Address, TargetConfig> targets = new LinkedHashMap<>();
    for (int i = 0; i < instances.size(); i++) {
      JsonObject service = instances.getJsonObject(i).getJsonObject("Service");
      JsonObject node = instances.getJsonObject(i).getJsonObject("Node", new JsonObject());
      String own = service.getString("Address", "");
      String host = own == null || own.isEmpty() ? node.getString("Address", "") : own;
      int port = service.getInteger("Port", 0);
      if (!host.isEmpty() && port > 0) {
        Address address = new Address(host, port);
        targets.putIfAbsent(
            address, new TargetConfig(address, weight(service), zone(node, service), 0));
      }
    }
    return List.copyOf(targets.values());
  }

  private static int weight(JsonObject service) {
    JsonObject weights = service.getJsonObject("Weights");
    Integer passing = weights == null ? null : weights.getInteger("Passing");
    return passing == null ? 1 : Math.max(1, Math.min(MOST_WEIGHT, passing));
  }

  /** Consul's own notion of it, or the metadata by which people write it. */
  private static String zone(JsonObject node, JsonObject service) {
    JsonObject locality = service.getJsonObject("Locality", node.getJsonObject("Locality"));
    JsonObject meta = service.getJsonObject("Meta");
    return Optional.ofNullable(locality)
        .map(place -> place.getString("Zone"))
        .or(() -> Optional.ofNullable(meta).map(m -> m.getString("zone")))
        .orElse("");
  }

  @Override
  public void stop() {
    stopped = true;
    again.cancel();
    api.close();
  }
}
