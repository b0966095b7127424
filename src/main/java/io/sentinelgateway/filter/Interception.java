package io.sentinelgateway.filter;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange as one interceptor sees it. Confined to the exchange's event loop; an interceptor
 * may complete its futures, and call back, on another thread.
 *
 * <p>The library's own engine hangs when an interceptor throws, or succeeds without sending the
 * answer; here both fail the exchange. An answer counts as sent when {@link #sendResponse} is
 * called: the future of the library's own body transformer never completes when all is well.
 */
final class Interception implements ProxyContext {

  private static final Logger LOG = LoggerFactory.getLogger(Interception.class);

  private final Exchange exchange;
  private final Handler next;
  private final ProxyInterceptor interceptor;
  private final InterceptedRequest request;
  private final Promise<io.sentinelgateway.exchange.ProxyResponse> answer = Promise.promise();
  private final Thread loop = Thread.currentThread();
  private final Context context;
  private @Nullable InterceptedResponse response;
  private @Nullable Map<String, Object> attachments;
  private boolean requestSent;

  Interception(Exchange exchange, Handler next, ProxyInterceptor interceptor) {
    this.exchange = exchange;
    this.next = next;
    this.interceptor = interceptor;
    this.request = new InterceptedRequest(exchange);
    this.context = exchange.loop().vertx().getOrCreateContext();
  }

  Future<io.sentinelgateway.exchange.ProxyResponse> run() {
    call(interceptor::handleProxyRequest).onComplete(ar -> onLoop(() -> requestHandled(ar)));
    return answer.future();
  }

  private <T> Future<T> call(Function<ProxyContext, Future<T>> method) {
    try {
      Future<T> result = method.apply(this);
      return result == null
          ? Future.failedFuture(new IllegalStateException("returned null instead of a future"))
          : result;
    } catch (RuntimeException | Error e) {
      return Future.failedFuture(e);
    }
  }

  private void requestHandled(AsyncResult<ProxyResponse> result) {
    if (result.failed()) {
      fail(result.cause());
    } else if (result.result() instanceof InterceptedResponse own && own.of(exchange)) {
      response = own;
      call(interceptor::handleProxyResponse).onComplete(ar -> onLoop(() -> responseHandled(ar)));
    } else {
      fail(
          new IllegalStateException("answered with a ProxyResponse that the request did not give"));
    }
  }

  private void responseHandled(AsyncResult<Void> result) {
    if (result.failed()) {
      fail(result.cause());
    } else if (!answer.future().isComplete()) {
      fail(new IllegalStateException("handled the response without sendResponse()"));
    }
  }

  private void fail(Throwable cause) {
    if (cause instanceof ProxyException failed && !answer.future().isComplete()) {
      drop();
      answer.tryFail(failed);
      return;
    }
    String name = interceptor.getClass().getName();
    LOG.error("Interceptor {} failed, request {}", name, exchange.requestId(), cause);
    if (!answer.future().isComplete()) {
      drop();
      answer.tryFail(
          ProxyError.of(ProxyError.Cause.INTERNAL, "interceptor " + name).toException(cause));
    }
  }

  /** Gives up an answer that the origin may have begun. */
  private void drop() {
    if (response != null) {
      response.release();
    } else if (requestSent) {
      new InterceptedResponse(exchange, request).release();
    }
  }

  private void onLoop(Runnable action) {
    if (Thread.currentThread() == loop) {
      action.run();
    } else {
      context.runOnContext(v -> action.run());
    }
  }

  @Override
  public Future<ProxyResponse> sendRequest() {
    Promise<ProxyResponse> sent = Promise.promise();
    onLoop(() -> send(sent));
    return sent.future();
  }

  private void send(Promise<ProxyResponse> sent) {
    if (requestSent) {
      sent.fail(new IllegalStateException("sendRequest() was called a second time"));
      return;
    }
    requestSent = true;
    request.commit();
    next.handle(exchange).onComplete(ar -> answered(ar, sent));
  }

  private void answered(
      AsyncResult<io.sentinelgateway.exchange.ProxyResponse> result, Promise<ProxyResponse> sent) {
    if (result.failed()) {
      sent.fail(result.cause());
    } else if (answer.future().isComplete()) {
      // The interceptor failed meanwhile; the error is being written, and this content is too late.
      new AnswerContent(exchange).cancel();
      sent.fail(new IllegalStateException("the exchange has failed already"));
    } else {
      sent.complete(new InterceptedResponse(exchange, request));
    }
  }

  @Override
  public Future<Void> sendResponse() {
    InterceptedResponse current = response;
    if (current == null) {
      throw new IllegalStateException("sendResponse() before the request was handled");
    }
    // Complete only when it is done: an interceptor on another thread may be faster than the loop.
    Promise<Void> committed = Promise.promise();
    onLoop(
        () -> {
          current.commit();
          answer.tryComplete(exchange.response());
          committed.complete();
        });
    return committed.future();
  }

  @Override
  public ProxyRequest request() {
    return request;
  }

  @Override
  public @Nullable ProxyResponse response() {
    return response;
  }

  @Override
  public boolean isWebSocket() {
    return exchange.request().canUpgradeToWebSocket();
  }

  @Override
  public void set(String name, Object value) {
    if (attachments == null) {
      attachments = new HashMap<>();
    }
    attachments.put(name, value);
  }

  @Override
  public <T> @Nullable T get(String name, Class<T> type) {
    Object value = attachments == null ? null : attachments.get(name);
    return type.isInstance(value) ? type.cast(value) : null;
  }

  @Override
  public HttpClient client() {
    throw new UnsupportedOperationException(
        "connections of the gateway are no HttpClient; an interceptor makes its own");
  }
}
