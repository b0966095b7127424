package io.sentinelgateway.filter;

import io.sentinelgateway.agent.Agent;
import io.sentinelgateway.agent.AgentAnswer;
import io.sentinelgateway.agent.BodyChunk;
import io.sentinelgateway.agent.Decision;
import io.sentinelgateway.agent.Event;
import io.sentinelgateway.agent.FieldOperation;
import io.sentinelgateway.agent.Session;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.TunnelEnd;
import io.sentinelgateway.filter.AgentSettings.BodyOver;
import io.sentinelgateway.filter.AgentSettings.OnFailure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * One exchange about which one agent is asked: its head, its content, the head of its answer; the
 * next when the one before is allowed. Confined to the exchange's event loop.
 */
final class Consultation {

  private final Exchange exchange;
  private final Handler next;
  private final AgentSettings settings;
  private final Agent agent;
  private final Session session;
  private final boolean enforced;
  private final Promise<ProxyResponse> result = Promise.promise();
  private boolean answered;
  private boolean done;

  Consultation(Exchange exchange, Handler next, AgentSettings settings, Agent agent) {
    this.exchange = exchange;
    this.next = next;
    this.settings = settings;
    this.agent = agent;
    this.session = agent.begin(exchange);
    this.enforced = settings.mode().enforced();
  }

  Future<ProxyResponse> run() {
    exchange.onCancel(reason -> fail(reason.toException()));
    if (asks(Event.REQUEST_HEADERS)) {
      session
          .requestHeaders(settings.timeout())
          .onComplete(said -> judge(said, allowed -> content()));
    } else {
      content();
    }
    return result.future();
  }

  private boolean asks(Event event) {
    return settings.on().contains(event);
  }

  private void content() {
    if (!asks(Event.REQUEST_BODY) || !exchange.content().present()) {
      forward();
      return;
    }
    long limit = settings.bodyBytes().bytes();
    if (refusesMore() && exchange.content().length() > limit) {
      tooLarge();
      return;
    }
    HeldContent held = new HeldContent(exchange.content(), limit);
    exchange.content(held);
    held.collect(() -> show(held), this::fail);
  }

  private boolean refusesMore() {
    return enforced && settings.bodyOver() == BodyOver.REJECT;
  }

  private void tooLarge() {
    String limit = "body-bytes " + settings.bodyBytes() + " of the filter for " + agent.id();
    fail(ProxyError.of(Cause.CONTENT_TOO_LARGE, limit).toException());
  }

  private void show(HeldContent held) {
    if (held.over() && refusesMore()) {
      tooLarge();
    } else if (!done) {
      new Showing(held).next();
    }
  }

  /** What is held goes to the agent, piece by piece. */
  private final class Showing {

    private final HeldContent held;
    private final Buffer all;
    private final Buffer judged = Buffer.buffer();
    private boolean changed;
    private int index;
    private int shown;

    Showing(HeldContent held) {
      this.held = held;
      this.all = held.held();
    }

    void next() {
      int end = Math.min(all.length(), shown + session.chunkBytes());
      Buffer piece = all.slice(shown, end);
      boolean last = end == all.length() && !held.over();
      session
          .requestBody(new BodyChunk(piece, last, index, shown, held.length()), settings.timeout())
          .onComplete(said -> judge(said, allowed -> passed(piece, end, allowed)));
    }

    private void passed(Buffer piece, int end, AgentAnswer allowed) {
      Buffer instead = allowed.replacement();
      changed |= instead != null;
      judged.appendBuffer(instead == null ? piece : instead);
      shown = end;
      index++;
      if (shown < all.length()) {
        next();
        return;
      }
      if (changed) {
        held.replace(judged);
      }
      forward();
    }
  }

  private void forward() {
    exchange.onCancel(null);
    if (!asks(Event.RESPONSE_HEADERS)) {
      session.close();
      next.handle(exchange).onComplete(this::end);
      return;
    }
    next.handle(exchange)
        .onComplete(
            given -> {
              if (given.failed()) {
                end(given);
                return;
              }
              answered = true;
              session
                  .responseHeaders(settings.timeout())
                  .onComplete(said -> judge(said, allowed -> end(given)));
            });
  }

  /** Goes on when the agent allows it, or may not forbid it. */
  private void judge(AsyncResult<AgentAnswer> said, Consumer<AgentAnswer> goOn) {
    if (done) {
      return;
    }
    if (said.failed()) {
      if (enforced && settings.onFailure() == OnFailure.CLOSED) {
        dropAnswer();
        fail(said.cause());
      } else {
        agent.counts().failedOpen();
        goOn.accept(AgentAnswer.NOTHING);
      }
    } else if (!enforced) {
      if (!(said.result().decision() instanceof Decision.Allow)) {
        agent.counts().wouldDeny();
      }
      goOn.accept(AgentAnswer.NOTHING);
    } else if (said.result().decision() instanceof Decision.Allow) {
      change(said.result());
      goOn.accept(said.result());
    } else {
      dropAnswer();
      end(Denial.of(exchange, said.result(), settings, agent.id()));
    }
  }

  private void change(AgentAnswer allowed) {
    List<FieldOperation> ofAnswer = allowed.response();
    if (answered) {
      FieldOperation.apply(ofAnswer, exchange.response().fields());
      return;
    }
    FieldOperation.apply(allowed.request(), exchange.head().fields());
    if (!ofAnswer.isEmpty()) {
      exchange.beforeHead((own, answer) -> FieldOperation.apply(ofAnswer, answer.fields()));
    }
  }

  /** The origin's answer, if there is one already, reaches nobody. */
  private void dropAnswer() {
    if (answered) {
      Body body = exchange.response().body();
      if (body instanceof Body.Source source) {
        source.cancel();
      } else if (body instanceof Body.Switch change) {
        change.close(TunnelEnd.PROTOCOL);
      }
      exchange.response().body(Body.NONE).fields().clear();
    }
  }

  private void fail(Throwable cause) {
    end(Future.failedFuture(cause));
  }

  private void end(AsyncResult<ProxyResponse> how) {
    if (!done) {
      done = true;
      session.close();
      result.handle(how);
    }
  }
}
