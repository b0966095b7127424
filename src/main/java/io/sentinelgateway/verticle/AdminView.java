package io.sentinelgateway.verticle;

import io.sentinelgateway.admin.AdminSources;
import io.sentinelgateway.agent.Agent;
import io.sentinelgateway.agent.Capabilities;
import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Reload;
import io.sentinelgateway.bus.Topics.ReloadOutcome;
import io.sentinelgateway.bus.Topics.SteerTarget;
import io.sentinelgateway.discovery.DiscoveryStatus;
import io.sentinelgateway.observe.GatewayMetrics;
import io.sentinelgateway.observe.PoolGauges.PoolCounts;
import io.sentinelgateway.resilience.CircuitBreaker;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.runtime.Explainer;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.target.Standing;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.upstream.Limits;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.yaml.ConfigWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the admin endpoints tell of a running gateway. Thread-safe. */
final class AdminView implements AdminSources {

  private final Vertx vertx;
  private final ControlState state;
  private final GatewayMetrics metrics;
  private final ConfigWriter writer = new ConfigWriter(Catalog.KINDS, false);

  AdminView(Vertx vertx, ControlState state, GatewayMetrics metrics) {
    this.vertx = vertx;
    this.state = state;
    this.metrics = metrics;
  }

  @Override
  public boolean live() {
    // Whoever is asked on an event loop and answers is alive; a broken target is no reason to die.
    return true;
  }

  @Override
  public Readiness readiness() {
    return new Readiness(state.ready(), state.readiness());
  }

  @Override
  public JsonObject status() {
    return state.status();
  }

  private RuntimeSnapshot snapshot() {
    return state
        .snapshot()
        .orElseThrow(() -> new IllegalArgumentException("no configuration is in force yet"));
  }

  @Override
  public String configYaml() {
    return writer.write(snapshot().config());
  }

  @Override
  public JsonObject config() {
    Object tree = new Load(LoadSettings.builder().build()).loadFromString(configYaml());
    JsonObject json = new JsonObject();
    ((Map<?, ?>) tree).forEach((key, value) -> json.put(String.valueOf(key), value));
    return json;
  }

  @Override
  public JsonArray agents() {
    JsonArray list = new JsonArray();
    metrics.agents().stream()
        .sorted(Comparator.comparing(Agent::id))
        .forEach(agent -> list.add(agent(agent)));
    return list;
  }

  private static JsonObject agent(Agent agent) {
    JsonObject json =
        new JsonObject()
            .put("id", agent.id())
            .put("address", agent.config().address().toString())
            .put("connections", agent.connections());
    if (agent.connections() == 0) {
      json.put("trouble", agent.trouble());
    }
    Capabilities said = agent.capabilities();
    return said == null
        ? json
        : json.put("name", said.name()).put("version", said.version()).put("says", said.agentId());
  }

  @Override
  public JsonArray upstreams() {
    JsonArray list = new JsonArray();
    Map<String, DiscoveryStatus> statuses = metrics.discoveries();
    state
        .snapshot()
        .ifPresent(
            s -> s.upstreams().values().forEach(u -> list.add(upstream(u, statuses.get(u.id())))));
    return list;
  }

  private JsonObject upstream(Upstream upstream, @Nullable DiscoveryStatus discovery) {
    Map<String, PoolCounts> pools = metrics.pools(upstream.id());
    JsonArray targets = new JsonArray();
    upstream
        .targets()
        .forEach(
            target ->
                targets.add(
                    target(upstream, target).put("connections", pool(pools.get(target.name())))));
    JsonObject json =
        new JsonObject()
            .put("id", upstream.id())
            .put("panic", upstream.panic())
            .put("targets", targets);
    if (!upstream.breakers().isEmpty()) {
      JsonObject breakers = new JsonObject();
      upstream.breakers().forEach((state, n) -> breakers.put(word(state), n));
      json.put("breakers", breakers);
    }
    Limits limits = upstream.limits();
    if (limits != null) {
      int limit = Math.min(limits.inForce(), limits.learnt());
      json.put(
          "limits",
          new JsonObject()
              .put("limit", limit == Integer.MAX_VALUE ? null : limit)
              .put("active", limits.active())
              .put("pending", limits.waiting()));
    }
    return discovery == null ? json : json.put("discovery", discovery(discovery));
  }

  private static JsonObject discovery(DiscoveryStatus status) {
    JsonObject json =
        new JsonObject()
            .put("type", status.type())
            .put("targets", status.targets())
            .put("updates", status.updates())
            .put("failures", status.failures());
    status.lastSuccess().ifPresent(at -> json.put("lastSuccess", at.toString()));
    status.lastFailure().ifPresent(at -> json.put("lastFailure", at.toString()));
    status.trouble().ifPresent(trouble -> json.put("trouble", trouble));
    return json;
  }

  private static String word(CircuitBreaker.State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static JsonObject target(Upstream upstream, Target target) {
    Standing standing = target.state().standing();
    CircuitBreaker breaker = target.state().breaker();
    JsonObject json = new JsonObject();
    if (breaker != null) {
      json.put("breaker", word(breaker.state()));
    }
    return json.put("address", target.name())
        .put("weight", upstream.weight(target))
        .put("risenPercent", target.state().risenPercent())
        .put("zone", target.zone())
        .put("priority", target.priority())
        .put("available", upstream.usable(target))
        .put("state", standing.condition().word())
        .put("reason", standing.reason())
        .put("since", standing.since().toString())
        .put("inFlight", target.state().inFlight())
        .put("failuresInARow", target.state().failuresInARow())
        .put("errorsInARow", target.state().errorsInARow())
        .put("successes", target.state().successes())
        .put("errors", target.state().errors())
        .put("failures", target.state().failures());
  }

  /** As it was at the last sample, over all loops. */
  private static JsonObject pool(@Nullable PoolCounts pool) {
    return new JsonObject()
        .put("open", pool == null ? 0 : pool.open())
        .put("idle", pool == null ? 0 : pool.idle())
        .put("pending", pool == null ? 0 : pool.pending());
  }

  @Override
  public Future<JsonObject> steer(Steering steering) {
    TargetKey key;
    try {
      key = new TargetKey(steering.upstream(), Address.parse(steering.target()));
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
    var order = SteerTarget.Order.valueOf(steering.order().name());
    return Topics.STEER_TARGET
        .ask(vertx, new SteerTarget(key, order, steering.weight()))
        .map(found -> shown(key));
  }

  /**
   * @throws NoSuchElementException when there is no such target
   */
  private JsonObject shown(TargetKey key) {
    return Optional.ofNullable(snapshot().upstreams().get(key.upstream())).stream()
        .flatMap(
            upstream ->
                upstream.targets().stream()
                    .filter(target -> target.key().equals(key))
                    .map(target -> target(upstream, target)))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public Future<JsonObject> explain(Question question) {
    try {
      String client = question.client();
      var asked =
          new io.sentinelgateway.runtime.Question(
              question.method(),
              question.url(),
              question.fields(),
              client == null ? io.sentinelgateway.runtime.Question.LOOPBACK : client,
              Optional.ofNullable(question.listener()));
      return Future.succeededFuture(Explainer.explain(snapshot(), asked).toJson());
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<JsonObject> reload() {
    return Topics.RELOAD.ask(vertx, new Reload("admin")).map(AdminView::outcome);
  }

  @Override
  public Future<JsonObject> restart() {
    return state
        .restart()
        .map(pid -> new JsonObject().put("result", "handed over").put("pid", pid));
  }

  private static JsonObject outcome(ReloadOutcome outcome) {
    JsonArray problems = new JsonArray();
    outcome.problems().forEach(problem -> problems.add(problem.toString()));
    return new JsonObject()
        .put("result", outcome.result())
        .put("version", outcome.version())
        .put("problems", problems);
  }

  @Override
  public Metrics metrics(String accept) {
    GatewayMetrics.Exposition exposition = metrics.scrape(accept);
    return new Metrics(exposition.contentType(), exposition.text());
  }
}
