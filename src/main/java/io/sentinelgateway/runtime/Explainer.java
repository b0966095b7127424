package io.sentinelgateway.runtime;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Pure;
import io.sentinelgateway.forward.ForwardHandler;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.route.Explanation;
import io.sentinelgateway.route.RouteTable;
import io.sentinelgateway.runtime.RoutePlan.NamedFilter;
import io.sentinelgateway.split.Choice;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a snapshot would do with a request, by the matcher and the filters of the data path.
 * Stateless.
 */
public final class Explainer {

  private Explainer() {}

  /**
   * @throws IllegalArgumentException when the question is malformed or names no listener
   */
  public static Decision explain(RuntimeSnapshot snapshot, Question question) {
    String listener =
        question.listener().orElseGet(() -> snapshot.tables().keySet().iterator().next());
    RouteTable table = snapshot.tables().get(listener);
    if (table == null) {
      throw new IllegalArgumentException(
          "no listener " + listener + " (expected: " + snapshot.tables().keySet() + ")");
    }
    RequestHead head = question.head(snapshot.config().server().mergeSlashes());
    Explanation explanation = table.explain(head);
    if (explanation.route().isEmpty()) {
      int status = ProxyError.Cause.NO_ROUTE.status();
      return new Decision(
          listener,
          explanation,
          List.of(),
          Optional.of(status),
          Optional.empty(),
          Optional.empty());
    }
    Exchange exchange =
        Exchange.imagined(
            head, question.client(head.scheme()), new ImaginedContent(), new ImaginedLoop());
    exchange.pathParameters(explanation.pathParameters());
    exchange.record().route = explanation.route().get();
    return imagine(
        listener, explanation, snapshot.plans().get(explanation.route().get()), exchange);
  }

  private static Decision imagine(
      String listener, Explanation explanation, RoutePlan plan, Exchange exchange) {
    Imagination end = new Imagination(plan.terminal());
    Handler pipeline = end;
    for (int i = plan.filters().size() - 1; i >= 0; i--) {
      NamedFilter named = plan.filters().get(i);
      pipeline = named.filter() instanceof Pure ? named.filter().over(pipeline) : pipeline;
    }
    Future<ProxyResponse> answer = pipeline.handle(exchange);
    Optional<Choice> choice = Optional.ofNullable(end.choice);
    return new Decision(
        listener,
        explanation,
        plan.filters().stream().map(Explainer::name).toList(),
        status(answer, end),
        choice.map(c -> destinations(c, end.mirror)),
        choice.map(c -> exchange.target()));
  }

  private static Decision.Destinations destinations(Choice choice, @Nullable Choice mirror) {
    Map<String, List<String>> servers = new LinkedHashMap<>();
    choice.upstreams().forEach(upstream -> servers.put(upstream.id(), servers(upstream)));
    return new Decision.Destinations(
        servers, choice.reason(), Optional.ofNullable(mirror).map(Explainer::copy));
  }

  private static Decision.Copy copy(Choice mirror) {
    Upstream upstream = mirror.upstreams().get(0);
    return new Decision.Copy(upstream.id(), servers(upstream), mirror.reason());
  }

  private static List<String> servers(Upstream upstream) {
    return upstream.targets().stream().map(Explainer::server).toList();
  }

  private static String name(NamedFilter named) {
    return named.filter() instanceof Pure ? named.name() : named.name() + " (not run)";
  }

  private static String server(Target target) {
    return target.name() + (target.state().available() ? "" : " left out");
  }

  private static Optional<Integer> status(Future<ProxyResponse> answer, Imagination end) {
    if (answer.failed()) {
      return Optional.of(ProxyError.from(answer.cause()).status());
    }
    return end.choice != null || end.unknown || answer.result() == null
        ? Optional.empty()
        : Optional.of(answer.result().status());
  }

  /** Stands where the route's handler stands, and remembers that it was reached. */
  private static final class Imagination implements Handler {

    private final Handler terminal;
    private @Nullable Choice choice;
    private @Nullable Choice mirror;
    private boolean unknown;

    Imagination(Handler terminal) {
      this.terminal = terminal;
    }

    @Override
    public Future<ProxyResponse> handle(Exchange exchange) {
      if (terminal instanceof ForwardHandler forward) {
        forward.prepare(exchange);
        choice = forward.explain(exchange);
        mirror = forward.explainMirror(exchange);
      } else if (terminal instanceof Pure) {
        return terminal.handle(exchange);
      } else {
        unknown = true;
      }
      return Future.succeededFuture(exchange.response());
    }
  }
}
