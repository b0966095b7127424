package io.sentinelgateway.embed;

import static io.sentinelgateway.embed.EmbedFixture.await;
import static io.sentinelgateway.embed.EmbedFixture.forwarding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sentinelgateway.embed.EmbedFixture.Answer;
import io.sentinelgateway.verticle.Eventually;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gateway behind a plain server of an application. */
class SentinelProxyTest {

  private final EmbedFixture fixture =
      new EmbedFixture(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2)));

  @AfterEach
  void close() {
    fixture.close();
  }

  /** A server of the application on an event loop of its choice. */
  private static final class Server extends VerticleBase {

    private final SentinelProxy proxy;
    private final Set<Thread> threads;
    private HttpServer server;

    Server(SentinelProxy proxy, Set<Thread> threads) {
      this.proxy = proxy;
      this.threads = threads;
    }

    @Override
    public Future<?> start() {
      server = vertx.createHttpServer().requestHandler(this::handle);
      return server.listen(0, "127.0.0.1");
    }

    private void handle(HttpServerRequest request) {
      threads.add(Thread.currentThread());
      proxy.handle(request);
    }
  }

  @Test
  void forwardsToAnUpstream() {
    SentinelProxy proxy = fixture.proxy(forwarding(fixture.origin("one")));
    int port = fixture.serve(proxy);

    Answer answer = fixture.post(port, "/a?b=c", Buffer.buffer("content"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.content()).isEqualTo("POST /a?b=c content");
    assertThat(answer.head().getHeader("x-origin")).isEqualTo("one");
  }

  @Test
  void answersErrorsAsTheGatewayDoes() {
    SentinelProxy proxy =
        fixture.proxy("version: 1\nroutes: {a: {match: {path: /a}, respond: {status: 204}}}\n");
    int port = fixture.serve(proxy);

    assertThat(fixture.get(port, "/a").status()).isEqualTo(204);
    Answer answer = fixture.get(port, "/b");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.content()).contains("\"reason\":\"no_route\"");
  }

  @Test
  void passesLargeContentBothWays() {
    Buffer large = Buffer.buffer("0123456789abcdef".repeat(256 * 1024));
    SentinelProxy proxy = fixture.proxy(forwarding(fixture.origin("one")));
    int port = fixture.serve(proxy);

    Answer answer = fixture.post(port, "/", large);

    assertThat(answer.content()).isEqualTo("POST / " + large);
  }

  @Test
  void passesChunksOnAsTheyCome() throws Exception {
    Promise<Void> seen = Promise.promise();
    int origin =
        fixture.serve(
            request -> {
              request.response().setChunked(true).write("first");
              seen.future().onSuccess(v -> request.response().end("second"));
            });
    int port = fixture.serve(fixture.proxy(forwarding(origin)));

    StringBuilder content = new StringBuilder();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    fixture
        .client()
        .request(HttpMethod.GET, port, "localhost", "/")
        .compose(request -> request.send())
        .onSuccess(
            response -> {
              response.handler(
                  chunk -> {
                    content.append(chunk).append('|');
                    seen.tryComplete();
                  });
              response.endHandler(v -> ended.complete(null));
            })
        .onFailure(ended::completeExceptionally);

    ended.get(10, TimeUnit.SECONDS);
    assertThat(content).hasToString("first|second|");
  }

  @Test
  void servesEveryEventLoopThatBringsRequests() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    SentinelProxy proxy = fixture.proxy(forwarding(fixture.origin("one")));
    List<Server> servers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Server server = new Server(proxy, threads);
      await(fixture.vertx().deployVerticle(server));
      servers.add(server);
    }

    for (Server server : servers) {
      assertThat(fixture.get(server.server.actualPort(), "/").status()).isEqualTo(200);
    }
    assertThat(threads).hasSize(2);
  }

  @Test
  void outlivesTheVerticleThatBroughtTheFirstRequest() {
    Vertx single = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try (EmbedFixture one = new EmbedFixture(single)) {
      SentinelProxy proxy =
          one.proxy(
              """
              version: 1
              upstreams: {origin: {targets: [{address: "127.0.0.1:%d"}]}}
              routes:
                slow:
                  match: {path: /slow}
                  forward: {upstream: origin, timeout: 50ms}
                all: {forward: {upstream: origin}}
              """
                  .formatted(
                      one.serve(
                          request -> {
                            if (!request.path().equals("/slow")) {
                              request.response().end("fast");
                            }
                          })));
      Server first = new Server(proxy, ConcurrentHashMap.newKeySet());
      Server second = new Server(proxy, ConcurrentHashMap.newKeySet());
      String id = await(single.deployVerticle(first));
      await(single.deployVerticle(second));
      assertThat(one.get(first.server.actualPort(), "/").content()).isEqualTo("fast");

      await(single.undeploy(id));

      int port = second.server.actualPort();
      assertThat(one.get(port, "/").content()).isEqualTo("fast");
      assertThat(one.get(port, "/slow").status()).isEqualTo(504);
    }
  }

  @Test
  void completesWhereItWasCalled() {
    Promise<Boolean> same = Promise.promise();
    fixture
        .vertx()
        .deployVerticle(
            new AbstractVerticle() {
              @Override
              public void start() {
                Thread own = Thread.currentThread();
                SentinelProxy.create(vertx, "version: 1\n")
                    .compose(proxy -> proxy.update("version: 1\nserver: {name: other}\n"))
                    .map(ok -> Thread.currentThread().equals(own))
                    .onComplete(same);
              }
            });

    assertThat(await(same.future())).isTrue();
  }

  @Test
  void refusesABadConfigurationWithEveryProblem() {
    String yaml = "version: 1\nroutes: {a: {forward: {upstream: no}}, b: {respond: {status: 1}}}\n";

    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> fixture.proxy(yaml))
        .satisfies(e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(2))
        .withMessageContaining("configuration:2:");
  }

  @Test
  void refusesAConfigurationWhoseTestsFail() {
    String yaml =
        """
        version: 1
        routes: {a: {respond: {status: 204}}}
        tests: [{request: "GET http://localhost/", expect: {status: 200}}]
        """;

    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> fixture.proxy(yaml))
        .withMessageContaining("tests[0]");
  }

  @Test
  void doesNotOpenListenersAndServesRoutesThatNameIt() {
    SentinelProxy proxy =
        fixture.proxy(
            """
            version: 1
            listeners: {web: {address: "127.0.0.1:1"}}
            routes:
              web: {match: {path: /web}, listeners: [web], respond: {status: 204}}
              own: {match: {path: /own}, listeners: [embedded], respond: {status: 204}}
            """);
    int port = fixture.serve(proxy);

    assertThat(fixture.get(port, "/own").status()).isEqualTo(204);
    assertThat(fixture.get(port, "/web").status()).isEqualTo(404);
  }

  @Test
  void updatesUnderLoadWithoutALostRequest() {
    int one = fixture.origin("one");
    int two = fixture.origin("two");
    SentinelProxy proxy = fixture.proxy(forwarding(one));
    int port = fixture.serve(proxy);
    AtomicInteger left = new AtomicInteger(600);
    Set<String> statuses = ConcurrentHashMap.newKeySet();

    List<Future<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(load(port, left, statuses));
    }
    for (int i = 0; i < 20; i++) {
      await(proxy.update(forwarding(i % 2 == 0 ? two : one)));
    }
    await(proxy.update(forwarding(two)));

    assertThat(fixture.get(port, "/").head().getHeader("x-origin")).isEqualTo("two");
    await(Future.all(clients));
    assertThat(statuses).isSubsetOf("200 one", "200 two").isNotEmpty();
  }

  private Future<Void> load(int port, AtomicInteger left, Set<String> statuses) {
    if (left.getAndDecrement() <= 0) {
      return Future.succeededFuture();
    }
    return fixture
        .send(HttpMethod.GET, port, "/", Buffer.buffer())
        .compose(
            answer -> {
              statuses.add(answer.status() + " " + answer.head().getHeader("x-origin"));
              return load(port, left, statuses);
            });
  }

  @Test
  void keepsWhatIsInForceWhenAnUpdateIsBad() {
    SentinelProxy proxy = fixture.proxy(forwarding(fixture.origin("one")));
    int port = fixture.serve(proxy);

    assertThatThrownBy(() -> await(proxy.update("version: 2\n")))
        .isInstanceOf(InvalidConfigException.class);
    assertThatThrownBy(() -> await(proxy.update("version: 1\nserver: {instances: 3}\n")))
        .hasMessageContaining("server.instances");
    assertThat(fixture.get(port, "/").status()).isEqualTo(200);
  }

  @Test
  void letsRequestsUnderWayEndWhenItCloses() {
    Promise<Void> arrived = Promise.promise();
    Promise<Void> go = Promise.promise();
    int origin =
        fixture.serve(
            request -> {
              arrived.tryComplete();
              go.future().onSuccess(v -> request.response().end("late"));
            });
    SentinelProxy proxy = fixture.proxy(forwarding(origin));
    int port = fixture.serve(proxy);
    Future<Answer> underWay = fixture.send(HttpMethod.GET, port, "/", Buffer.buffer());
    await(arrived.future());

    Future<Void> closed = proxy.close();

    Answer refused = fixture.get(port, "/");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.content()).contains("\"reason\":\"not_ready\"");
    assertThat(closed.isComplete()).isFalse();
    go.complete();
    assertThat(await(underWay).content()).isEqualTo("late");
    await(closed);
    await(proxy.close());
    assertThatThrownBy(() -> await(proxy.update("version: 1\n"))).hasMessageContaining("closed");
  }

  @Test
  void refusesOriginsThatAreNoUpstreams() {
    SentinelProxy proxy = fixture.proxy("version: 1\n");

    assertThatThrownBy(() -> proxy.origin(80, "localhost"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("upstreams");
  }

  @Test
  void refusesContentThatWasReadBefore() {
    SentinelProxy proxy = fixture.proxy(forwarding(fixture.origin("one")));
    int port = fixture.serve(request -> request.body().onSuccess(read -> proxy.handle(request)));

    assertThat(fixture.post(port, "/", Buffer.buffer("content")).status()).isEqualTo(500);
    assertThat(fixture.get(port, "/").status()).isEqualTo(200);
  }

  @Test
  void refusesRequestsThatComeOnAWorker() {
    SentinelProxy proxy = fixture.proxy(forwarding(fixture.origin("one")));
    Server server = new Server(proxy, ConcurrentHashMap.newKeySet());
    DeploymentOptions worker = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
    await(fixture.vertx().deployVerticle(server, worker));

    assertThat(fixture.get(server.server.actualPort(), "/").status()).isEqualTo(500);
  }

  @Test
  void refusesHttp2() throws Exception {
    int port = fixture.serve(fixture.proxy(forwarding(fixture.origin("one"))));
    var options = new io.vertx.core.http.HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2);

    int status =
        await(
            fixture
                .vertx()
                .createHttpClient(options)
                .request(HttpMethod.GET, port, "localhost", "/")
                .compose(request -> request.send())
                .map(response -> response.statusCode()));

    assertThat(status).isEqualTo(505);
  }

  @Test
  void leavesATargetOutThatFailsTooOften() {
    AtomicInteger asked = new AtomicInteger();
    int broken =
        fixture.serve(
            request -> {
              asked.incrementAndGet();
              request.connection().close();
            });
    String yaml =
        """
        version: 1
        upstreams:
          origin:
            targets: [{address: "127.0.0.1:%d"}, {address: "127.0.0.1:%d"}]
            health: {passive: {consecutive-failures: 2, eject-for: 1h}}
        routes: {all: {forward: {upstream: origin, retry: {attempts: 2}}}}
        """
            .formatted(broken, fixture.origin("one"));
    int port = fixture.serve(fixture.proxy(yaml));

    int before;
    do {
      before = asked.get();
      for (int i = 0; i < 10; i++) {
        fixture.get(port, "/");
      }
    } while (asked.get() != before);

    assertThat(asked.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void leavesATargetOutThatFailsItsChecks() {
    int broken =
        fixture.serve(
            request ->
                request.response().setStatusCode(request.path().equals("/up") ? 500 : 200).end());
    String yaml =
        """
        version: 1
        upstreams:
          origin:
            targets: [{address: "127.0.0.1:%d"}, {address: "127.0.0.1:%d"}]
            health: {active: {type: http, path: /up, interval: 20ms}}
        routes: {all: {forward: {upstream: origin}}}
        """
            .formatted(broken, fixture.origin("one"));
    int port = fixture.serve(fixture.proxy(yaml));
    Eventually.holds(
        "only the good one serves",
        () ->
            Stream.generate(() -> fixture.get(port, "/").content())
                .limit(10)
                .allMatch(content -> content.startsWith("GET /")));
  }
}
