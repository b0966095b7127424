package io.sentinelgateway.embed;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Origin servers, servers of the application, and a client, on one Vertx. */
final class EmbedFixture implements AutoCloseable {

  private final Vertx vertx;
  private final HttpClient client;

  EmbedFixture(Vertx vertx) {
    this.vertx = vertx;
    this.client = vertx.createHttpClient();
  }

  /** What a client got. */
  record Answer(int status, String content, HttpClientResponse head) {}

  Vertx vertx() {
    return vertx;
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The port of a new server. */
  int serve(Handler<HttpServerRequest> handler) {
    HttpServer server = vertx.createHttpServer().requestHandler(handler);
    return await(server.listen(0, "127.0.0.1")).actualPort();
  }

  /** The port of an origin server that says who it is and what it was asked. */
  int origin(String name) {
    return serve(
        request ->
            request
                .body()
                .onSuccess(
                    content ->
                        request
                            .response()
                            .putHeader("x-origin", name)
                            .putHeader("x-tag", String.valueOf(request.getHeader("x-tag")))
                            .end(request.method() + " " + request.uri() + " " + content)));
  }

  SentinelProxy proxy(String yaml) {
    return await(SentinelProxy.create(vertx, yaml));
  }

  /** One upstream that everything goes to. */
  static String forwarding(int port) {
    return """
        version: 1
        upstreams: {origin: {targets: [{address: "127.0.0.1:%d"}]}}
        routes: {all: {forward: {upstream: origin}}}
        """
        .formatted(port);
  }

  Answer get(int port, String target) {
    return await(send(HttpMethod.GET, port, target, Buffer.buffer()));
  }

  Answer post(int port, String target, Buffer content) {
    return await(send(HttpMethod.POST, port, target, content));
  }

  Future<Answer> send(HttpMethod method, int port, String target, Buffer content) {
    return client
        .request(new RequestOptions().setMethod(method).setPort(port).setURI(target))
        .compose(request -> content.length() == 0 ? request.send() : request.send(content))
        .compose(
            response ->
                response
                    .body()
                    .map(body -> new Answer(response.statusCode(), body.toString(), response)));
  }

  HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
