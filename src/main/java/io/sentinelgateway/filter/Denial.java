package io.sentinelgateway.filter;

import io.sentinelgateway.agent.AgentAnswer;
import io.sentinelgateway.agent.Decision;
import io.sentinelgateway.agent.FieldOperation;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Escape;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Template;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/** What the client gets when an agent does not let its request pass. Stateless. */
final class Denial {

  private static final int FOUND = 302;

  private Denial() {}

  static Future<ProxyResponse> of(
      Exchange exchange, AgentAnswer answer, AgentSettings settings, String agent) {
    FieldOperation.apply(answer.response(), exchange.response().fields());
    Decision decision = answer.decision();
    if (decision instanceof Decision.Redirect redirect) {
      return Location.answer(exchange, redirect.status(), redirect.location());
    }
    if (decision instanceof Decision.Challenge challenge) {
      Template where = settings.challenges().get(challenge.type());
      return where == null
          ? plain(agent + ": challenge " + challenge.type())
          : Location.answer(exchange, FOUND, where.render(exchange, Escape.URI));
    }
    String reason = answer.ruleIds().isEmpty() ? agent : agent + ": " + answer.ruleIds();
    return decision instanceof Decision.Block block && chosen(block) && !grpc(exchange)
        ? blocked(exchange, block, reason)
        : plain(reason);
  }

  /** Whether the agent wants more than that the request is denied. */
  private static boolean chosen(Decision.Block block) {
    return block.body() != null
        || block.status() != Cause.BLOCKED_BY_AGENT.status()
        || !block.fields().isEmpty();
  }

  /** Such calls end with a status of gRPC, which only the gateway's own answer has. */
  private static boolean grpc(Exchange exchange) {
    String type = exchange.head().fields().get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith("application/grpc");
  }

  private static Future<ProxyResponse> plain(String reason) {
    return Future.failedFuture(ProxyError.of(Cause.BLOCKED_BY_AGENT, reason).toException());
  }

  private static Future<ProxyResponse> blocked(
      Exchange exchange, Decision.Block block, String reason) {
    exchange.record().error = ProxyError.of(Cause.BLOCKED_BY_AGENT, reason);
    ProxyResponse response = exchange.response().status(block.status());
    String body = block.body();
    if (body == null) {
      response.body(Body.NONE);
    } else {
      response.fields().set(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
      response.body(new Body.Bytes(Buffer.buffer(body)));
    }
    FieldOperation.apply(block.fields(), response.fields());
    return Future.succeededFuture(response);
  }
}
