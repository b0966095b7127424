package io.sentinelgateway.filter;

import static io.sentinelgateway.filter.FilterFixture.filter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.Unpooled;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Body.FilePart;
import io.sentinelgateway.exchange.Body.Receiver;
import io.sentinelgateway.exchange.Body.Source;
import io.sentinelgateway.exchange.Echo;
import io.sentinelgateway.exchange.ExchangeServer;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.Reply;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.BodyTransformers;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class InterceptorFilterTest {

  /** Found by its name, as a user's class is. */
  public static final class Tag implements ProxyInterceptor {
    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
      context.request().putHeader("x-tag", "by-name");
      return context.sendRequest();
    }
  }

  /** Cannot be made. */
  public static final class Broken implements ProxyInterceptor {
    public Broken() {
      throw new IllegalStateException("no licence");
    }
  }

  /** Both directions as functions. */
  private static ProxyInterceptor interceptor(
      Function<ProxyContext, Future<ProxyResponse>> request,
      Function<ProxyContext, Future<Void>> response) {
    return new ProxyInterceptor() {
      @Override
      public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        return request.apply(context);
      }

      @Override
      public Future<Void> handleProxyResponse(ProxyContext context) {
        return response.apply(context);
      }
    };
  }

  private static ProxyInterceptor onRequest(Function<ProxyContext, Future<ProxyResponse>> request) {
    return interceptor(request, ProxyContext::sendResponse);
  }

  private static ProxyInterceptor onResponse(Function<ProxyContext, Future<Void>> response) {
    return interceptor(ProxyContext::sendRequest, response);
  }

  private static ExchangeServer server(Vertx vertx, ProxyInterceptor interceptor, Handler next) {
    return new ExchangeServer(vertx, e -> new Interception(e, next, interceptor).run());
  }

  private static Reply post(Vertx vertx, ProxyInterceptor interceptor, String content)
      throws IOException {
    try (ExchangeServer server = server(vertx, interceptor, new Echo())) {
      return server.send("POST", "/a?b", content, "Content-Type: text/plain");
    }
  }

  private static Reply post(Vertx vertx, ProxyInterceptor interceptor) throws IOException {
    return post(vertx, interceptor, "hello");
  }

  // What an interceptor may do to the request

  @Test
  void runsAClassByItsName(Vertx vertx) throws IOException {
    Handler pipeline =
        filter("{type: interceptor, class-name: " + Tag.class.getName() + "}").over(new Echo());
    try (ExchangeServer server = new ExchangeServer(vertx, pipeline)) {
      assertThat(server.get("/").forwarded("x-tag")).containsExactly("by-name");
    }
  }

  @Test
  void changesMethodTargetAuthorityAndFields(Vertx vertx) throws IOException {
    ProxyInterceptor changing =
        onRequest(
            context -> {
              assertThat(context.request().getMethod()).isEqualTo(HttpMethod.POST);
              assertThat(context.request().getURI()).isEqualTo("/a?b");
              assertThat(context.request().getAuthority()).isNull();
              context
                  .request()
                  .setMethod(HttpMethod.PUT)
                  .setURI("/x/./y?z=1")
                  .setAuthority(HostAndPort.create("origin.test", 81));
              context.request().headers().remove("content-type").add("x-a", "1");
              return context.sendRequest();
            });
    Reply reply = post(vertx, changing);
    assertThat(reply.forwardedLine()).isEqualTo("PUT /x/y?z=1");
    assertThat(reply.forwarded("authority")).containsExactly("origin.test:81");
    assertThat(reply.forwarded("x-a")).containsExactly("1");
    assertThat(reply.body()).endsWith("\n\nhello");
  }

  @Test
  void leavesTheContentAlone(Vertx vertx) throws IOException {
    String large = "0123456789".repeat(100_000);
    assertThat(post(vertx, new ProxyInterceptor() {}, large).body()).endsWith("\n\n" + large);
  }

  @Test
  void replacesTheContent(Vertx vertx) throws IOException {
    ProxyInterceptor replacing =
        onRequest(
            context -> {
              context.request().setBody(Body.body(Buffer.buffer("other")));
              return context.sendRequest();
            });
    Reply reply = post(vertx, replacing);
    assertThat(reply.body()).endsWith("\n\nother");
    assertThat(reply.forwarded("content-length")).containsExactly("5");
    assertThat(reply.forwarded("content-type")).containsExactly("application/octet-stream");
  }

  @Test
  void takesTheContentAway(Vertx vertx) throws IOException {
    ProxyInterceptor removing =
        onRequest(
            context -> {
              context.request().setBody(null);
              return context.sendRequest();
            });
    Reply reply = post(vertx, removing);
    assertThat(reply.body()).doesNotContain("hello");
    assertThat(reply.forwarded("content-length")).containsExactly("0");
  }

  @Test
  void readsTheContentBeforeItIsSentOn(Vertx vertx) throws IOException {
    ProxyInterceptor reading =
        onRequest(
            context -> {
              ReadStream<Buffer> stream = context.request().getBody().stream();
              Buffer all = Buffer.buffer();
              Promise<ProxyResponse> answered = Promise.promise();
              stream.handler(all::appendBuffer);
              stream.endHandler(
                  v -> {
                    String upper = all.toString().toUpperCase(Locale.ROOT);
                    context.request().setBody(Body.body(Buffer.buffer(upper)));
                    context.sendRequest().onComplete(answered);
                  });
              stream.resume();
              return answered.future();
            });
    assertThat(post(vertx, reading).body()).endsWith("\n\nHELLO");
  }

  @Test
  void readsTheContentOfAClientThatWaitsFor100(Vertx vertx) throws IOException {
    ProxyInterceptor reading =
        ProxyInterceptor.builder()
            .transformingRequestBody(
                BodyTransformers.text(t -> t.toUpperCase(Locale.ROOT), "UTF-8"))
            .build();
    try (ExchangeServer server = server(vertx, reading, new Echo())) {
      Reply reply =
          server.send("POST", "/", "hi", "Expect: 100-continue", "Content-Type: text/plain");
      assertThat(reply.head().get(0)).contains("100 Continue");
      assertThat(reply.body()).contains("200 OK").endsWith("\n\nHI");
    }
  }

  @Test
  void seesRequestsThatLookLikeAnUpgrade(Vertx vertx) throws IOException {
    ProxyInterceptor guard =
        onRequest(
            context -> {
              assertThat(context.isWebSocket()).isTrue();
              return Future.succeededFuture(context.request().response().setStatusCode(401));
            });
    try (ExchangeServer server = server(vertx, guard, new Echo())) {
      assertThat(server.get("/", "Connection: upgrade", "Upgrade: websocket").status())
          .isEqualTo(401);
    }
  }

  // What an interceptor may do to the answer

  @Test
  void answersItselfAndSeesItsOwnAnswer(Vertx vertx) throws IOException {
    AtomicBoolean forwarded = new AtomicBoolean();
    Handler origin =
        e -> {
          forwarded.set(true);
          return Future.succeededFuture(e.response());
        };
    ProxyInterceptor answering =
        interceptor(
            context -> {
              context.set("mark", "kept");
              ProxyResponse own = context.request().response();
              own.setStatusCode(418).putHeader("x-a", "1").setBody(Body.body(Buffer.buffer("tea")));
              return Future.succeededFuture(own);
            },
            context -> {
              context.response().putHeader("x-mark", context.get("mark", String.class));
              assertThat(context.get("mark", Integer.class)).isNull();
              assertThat(context.get("none", String.class)).isNull();
              return context.sendResponse();
            });
    try (ExchangeServer server = server(vertx, answering, origin)) {
      Reply reply = server.get("/");
      assertThat(reply.status()).isEqualTo(418);
      assertThat(reply.field("x-a")).isEqualTo("1");
      assertThat(reply.field("x-mark")).isEqualTo("kept");
      assertThat(reply.body()).isEqualTo("tea");
      assertThat(forwarded).isFalse();
    }
  }

  @Test
  void changesStatusFieldsAndReason(Vertx vertx) throws IOException {
    ProxyInterceptor changing =
        onResponse(
            context -> {
              ProxyResponse response = context.response();
              assertThat(response.getStatusCode()).isEqualTo(200);
              response.setStatusCode(203).setStatusMessage("Changed");
              response.headers().set("etag", "\"1\"").set("cache-control", "public, max-age=5");
              assertThat(response.etag()).isEqualTo("\"1\"");
              assertThat(response.publicCacheControl()).isTrue();
              assertThat(response.maxAge()).isEqualTo(5000);
              assertThat(response.request()).isSameAs(context.request());
              return context.sendResponse();
            });
    Reply reply = post(vertx, changing);
    assertThat(reply.head().get(0)).isEqualTo("HTTP/1.1 203 Changed");
    assertThat(reply.field("etag")).isEqualTo("\"1\"");
  }

  @Test
  void replacesTheAnswersContentAndGivesUpTheOriginal(Vertx vertx) throws IOException {
    Stream stream = new Stream(vertx, "origin");
    ProxyInterceptor replacing =
        onResponse(
            context -> {
              context.response().setBody(Body.body(Buffer.buffer("mine"), null));
              return context.sendResponse();
            });
    try (ExchangeServer server = server(vertx, replacing, stream::answer)) {
      assertThat(server.get("/").body()).isEqualTo("mine");
      assertThat(stream.cancelled).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  void transformsAStreamByTheLibrarysOwnBuilder(Vertx vertx) throws IOException {
    Stream stream = new Stream(vertx, "origin");
    ProxyInterceptor transforming =
        ProxyInterceptor.builder()
            .transformingResponseBody(
                BodyTransformers.text(t -> t.toUpperCase(Locale.ROOT), "UTF-8"))
            .build();
    try (ExchangeServer server = server(vertx, transforming, stream::answer)) {
      assertThat(server.get("/").body()).isEqualTo("ORIGIN");
      assertThat(stream.cancelled).isNotDone();
    }
  }

  @Test
  void readsTheContentOfAFile(Vertx vertx, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "0123456789");
    Handler origin =
        e -> {
          e.response().fields().set("content-type", "text/plain");
          return Future.succeededFuture(e.response().body(new FilePart(file.toString(), 2, 5)));
        };
    ProxyInterceptor transforming =
        ProxyInterceptor.builder()
            .transformingResponseBody(BodyTransformers.text(t -> "<" + t + ">", "UTF-8"))
            .build();
    try (ExchangeServer server = server(vertx, transforming, origin)) {
      assertThat(server.get("/").body()).isEqualTo("<23456>");
    }
    try (ExchangeServer server = server(vertx, new ProxyInterceptor() {}, origin)) {
      assertThat(server.get("/").body()).isEqualTo("23456");
    }
  }

  @Test
  void mayWorkOnAnotherThread(Vertx vertx) throws IOException {
    ProxyInterceptor elsewhere =
        interceptor(
            context -> {
              Promise<ProxyResponse> sent = Promise.promise();
              CompletableFuture.runAsync(() -> context.sendRequest().onComplete(sent));
              return sent.future();
            },
            context -> {
              Promise<Void> sent = Promise.promise();
              CompletableFuture.runAsync(() -> context.sendResponse().onComplete(sent));
              return sent.future();
            });
    assertThat(post(vertx, elsewhere).body()).endsWith("\n\nhello");
  }

  // What goes wrong is an error answer, never a request that hangs

  @Test
  void turnsFaultsIntoAnInternalError(Vertx vertx) throws IOException {
    IllegalStateException bug = new IllegalStateException("bug");
    Function<ProxyContext, Future<Void>> throwing =
        context -> {
          throw bug;
        };
    for (ProxyInterceptor faulty :
        new ProxyInterceptor[] {
          onRequest(context -> fail("thrown")),
          onRequest(
              context -> {
                throw bug;
              }),
          onRequest(context -> Future.failedFuture(bug)),
          onRequest(context -> null),
          onRequest(context -> Future.succeededFuture(null)),
          onRequest(context -> context.sendRequest().compose(r -> context.sendRequest())),
          onResponse(throwing),
          onResponse(context -> Future.failedFuture(bug)),
          onResponse(context -> null),
          onResponse(context -> Future.succeededFuture()),
        }) {
      Reply reply = post(vertx, faulty);
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.body()).isEqualTo("internal");
    }
  }

  @Test
  void refusesLoudlyWhatItCannotDo(Vertx vertx) throws IOException {
    assertThat(post(vertx, onRequest(c -> c.request().send(null))).status()).isEqualTo(500);
    assertThat(post(vertx, onResponse(c -> c.response().send())).status()).isEqualTo(500);
    assertThat(post(vertx, onRequest(c -> fail("" + c.client()))).status()).isEqualTo(500);
    assertThat(post(vertx, onResponse(c -> fail("" + c.response().proxiedResponse()))).status())
        .isEqualTo(500);
  }

  @Test
  void refusesAMalformedTargetMethodOrAuthority(Vertx vertx) throws IOException {
    for (String uri : new String[] {"a", "http://evil/", "/a b", "/a?b#c", "/%zz", "/../x", ""}) {
      assertThat(change(vertx, request -> request.setURI(uri))).isEqualTo(500);
    }
    assertThat(change(vertx, request -> request.setMethod(HttpMethod.CONNECT))).isEqualTo(500);
    HostAndPort evil = HostAndPort.create("a@b", 80);
    assertThat(change(vertx, request -> request.setAuthority(evil))).isEqualTo(500);
  }

  private static int change(Vertx vertx, Consumer<ProxyRequest> change) throws IOException {
    ProxyInterceptor changing =
        onRequest(
            context -> {
              change.accept(context.request());
              return context.sendRequest();
            });
    return post(vertx, changing).status();
  }

  @Test
  void passesErrorsOfTheHandlerOn(Vertx vertx) throws IOException {
    Handler failing =
        e -> Future.failedFuture(ProxyError.of(ProxyError.Cause.POOL_FULL, "").toException());
    try (ExchangeServer server = server(vertx, new ProxyInterceptor() {}, failing)) {
      assertThat(server.get("/").status()).isEqualTo(503);
    }
  }

  @Test
  void recoversFromAnErrorOfTheHandler(Vertx vertx) throws IOException {
    Handler failing =
        e -> Future.failedFuture(ProxyError.of(ProxyError.Cause.POOL_FULL, "").toException());
    ProxyInterceptor recovering =
        onRequest(
            c ->
                c.sendRequest()
                    .recover(
                        t -> Future.succeededFuture(c.request().response().setStatusCode(203))));
    try (ExchangeServer server = server(vertx, recovering, failing)) {
      assertThat(server.get("/").status()).isEqualTo(203);
    }
  }

  @Test
  void givesUpTheOriginsContentWhenItFails(Vertx vertx) throws IOException {
    Stream stream = new Stream(vertx, "origin");
    try (ExchangeServer server =
        server(vertx, onResponse(c -> Future.failedFuture("bug")), stream::answer)) {
      assertThat(server.get("/").status()).isEqualTo(500);
      assertThat(stream.cancelled).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  void givesUpContentThatComesAfterItHasFailed(Vertx vertx) throws IOException {
    Stream stream = new Stream(vertx, "origin");
    ProxyInterceptor impatient =
        onRequest(c -> c.sendRequest().isComplete() ? null : Future.failedFuture("bug"));
    try (ExchangeServer server = server(vertx, impatient, stream::answer)) {
      assertThat(server.get("/").status()).isEqualTo(500);
      assertThat(stream.cancelled).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  void refusesAClassThatIsNotThereOrOfAnotherKind() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> filter("{type: interceptor, class-name: com.example.None}"))
        .withMessageContaining("com.example.None: no such class");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> filter("{type: interceptor, class-name: java.lang.String}"))
        .withMessageContaining("ProxyInterceptor");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> filter("{type: interceptor, class-name: " + Broken.class.getName() + "}"))
        .withMessageContaining("no licence");
  }

  /** An origin's content that tells whether it was given up. */
  private static final class Stream {

    final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    private final Vertx vertx;
    private final String content;

    Stream(Vertx vertx, String content) {
      this.vertx = vertx;
      this.content = content;
    }

    Future<io.sentinelgateway.exchange.ProxyResponse> answer(
        io.sentinelgateway.exchange.Exchange exchange) {
      exchange.response().fields().set("content-type", "text/plain");
      return vertx
          .timer(1)
          .map(
              v ->
                  exchange
                      .response()
                      .body(
                          new Source() {
                            @Override
                            public long length() {
                              return content.length();
                            }

                            @Override
                            public void read(Receiver receiver) {
                              receiver.chunk(
                                  Unpooled.copiedBuffer(content, StandardCharsets.US_ASCII));
                              receiver.ended(MultiMap.caseInsensitiveMultiMap());
                            }

                            @Override
                            public void pause() {}

                            @Override
                            public void resume() {}

                            @Override
                            public void cancel() {
                              cancelled.complete(true);
                            }
                          }));
    }
  }
}
