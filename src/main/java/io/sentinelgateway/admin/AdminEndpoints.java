package io.sentinelgateway.admin;

import io.sentinelgateway.admin.AdminSources.Question;
import io.sentinelgateway.admin.AdminSources.Readiness;
import io.sentinelgateway.handover.HandoverException;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each path answers. Confined to the administration listener's event loop. */
final class AdminEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(AdminEndpoints.class);

  private final Vertx vertx;
  private final AdminSources sources;

  AdminEndpoints(Vertx vertx, AdminSources sources) {
    this.vertx = vertx;
    this.sources = sources;
  }

  /** All of them; the index and the answer to an unknown path show the same list. */
  List<Endpoint> all() {
    return List.of(
        Endpoint.probe("/healthz", "200 while the process works", this::health),
        Endpoint.probe("/readyz", "200 while new requests should come here", this::readiness),
        Endpoint.get("/metrics", "metrics for Prometheus", this::metrics),
        Endpoint.get("/status", "what runs, and how the last reload went", this::status),
        Endpoint.get("/config", "the configuration in force, YAML or JSON by Accept", this::config),
        Endpoint.get("/upstreams", "upstreams and the state of their targets", this::upstreams),
        Endpoint.get("/agents", "agents and how they are reached", this::agents),
        Endpoint.get(
            "/explain",
            "what would happen: ?request=GET%20https://host/path&header=name:value"
                + "&client=address&listener=id",
            this::explain),
        Endpoint.post("/reload", "reads the configuration again", this::reload),
        Endpoint.post("/restart", "lets a new process take over", this::restart));
  }

  private void health(RoutingContext context) {
    boolean live = sources.live();
    Answers.json(context, live ? 200 : 503, new JsonObject().put("live", live));
  }

  private void readiness(RoutingContext context) {
    Readiness now = sources.readiness();
    Answers.json(
        context,
        now.ready() ? 200 : 503,
        new JsonObject().put("ready", now.ready()).put("reason", now.reason()));
  }

  /** On a worker: adding up thousands of series would hold this event loop. */
  private void metrics(RoutingContext context) {
    String accept = accept(context);
    vertx
        .executeBlocking(() -> sources.metrics(accept), false)
        .onSuccess(m -> Answers.send(context, 200, m.contentType(), m.text()))
        .onFailure(context::fail);
  }

  private void status(RoutingContext context) {
    Answers.json(context, 200, sources.status());
  }

  private void config(RoutingContext context) {
    if (accept(context).contains("json")) {
      Answers.json(context, 200, sources.config());
    } else {
      Answers.send(context, 200, Answers.YAML, sources.configYaml());
    }
  }

  private void upstreams(RoutingContext context) {
    Answers.json(context, sources.upstreams());
  }

  private void agents(RoutingContext context) {
    Answers.json(context, sources.agents());
  }

  private void explain(RoutingContext context) {
    try {
      sources
          .explain(question(context.queryParams()))
          .onSuccess(answer -> Answers.json(context, 200, answer))
          .onFailure(reason -> unexplained(context, reason));
    } catch (IllegalArgumentException e) {
      unexplained(context, e);
    }
  }

  private static Question question(MultiMap parameters) {
    String request = parameters.get("request");
    int space = request == null ? -1 : request.indexOf(' ');
    if (request == null || space < 1 || space == request.length() - 1) {
      throw new IllegalArgumentException("request (expected: a method, a space, a URL)");
    }
    return new Question(
        request.substring(0, space),
        request.substring(space + 1).strip(),
        parameters.getAll("header").stream().map(AdminEndpoints::field).toList(),
        given(parameters, "client"),
        given(parameters, "listener"));
  }

  private static Map.Entry<String, String> field(String line) {
    int colon = line.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("header (expected: name:value)");
    }
    return Map.entry(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
  }

  private static @Nullable String given(MultiMap parameters, String name) {
    String value = parameters.get(name);
    return value == null || value.isBlank() ? null : value;
  }

  private static void unexplained(RoutingContext context, Throwable reason) {
    if (reason instanceof IllegalArgumentException) {
      Answers.error(context, 400, "bad_question", String.valueOf(reason.getMessage()));
    } else {
      context.fail(reason);
    }
  }

  private void reload(RoutingContext context) {
    LOG.info("reload asked for by {}", context.request().remoteAddress());
    sources
        .reload()
        .onSuccess(result -> Answers.json(context, 200, result))
        .onFailure(context::fail);
  }

  private void restart(RoutingContext context) {
    LOG.info("restart asked for by {}", context.request().remoteAddress());
    sources
        .restart()
        .onSuccess(result -> Answers.json(context, 200, result))
        .onFailure(reason -> notRestarted(context, reason));
  }

  private static void notRestarted(RoutingContext context, Throwable reason) {
    if (reason instanceof HandoverException) {
      Answers.error(context, 409, "not_restarted", String.valueOf(reason.getMessage()));
    } else {
      context.fail(reason);
    }
  }

  private static String accept(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    return accept == null ? "" : accept;
  }
}
