package io.sentinelgateway.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.embed.EmbedFixture.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gateway in a vertx-web Router, with interceptors of the application. */
class RouterTest {

  private final EmbedFixture fixture = new EmbedFixture(Vertx.vertx());

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Found by its name: adds to what interceptors before it wrote. */
  public static final class Named implements ProxyInterceptor {
    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
      return tag(context, "named");
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
      context.response().putHeader("x-answered", "named");
      return context.sendResponse();
    }
  }

  private static Future<ProxyResponse> tag(ProxyContext context, String tag) {
    String before = context.request().headers().get("x-tag");
    context.request().putHeader("x-tag", before == null ? tag : before + "," + tag);
    return context.sendRequest();
  }

  private static ProxyInterceptor tagging(String tag) {
    return new ProxyInterceptor() {
      @Override
      public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        return tag(context, tag);
      }
    };
  }

  private SentinelProxy proxy(int origin) {
    return fixture.proxy(
        """
        version: 1
        upstreams: {origin: {targets: [{address: "127.0.0.1:%d"}]}}
        routes:
          api:
            match: {path: {prefix: /api}}
            filters: [{type: interceptor, class-name: "%s"}]
            forward: {upstream: origin, rewrite: {strip-prefix: /api}}
        """
            .formatted(origin, Named.class.getName()));
  }

  private Router router(SentinelProxy proxy) {
    Router router = Router.router(fixture.vertx());
    router.get("/own").handler(context -> context.end("own"));
    router.route("/api/*").handler(ProxyHandler.create(proxy));
    router.route("/after").handler(context -> context.end("after"));
    return router;
  }

  @Test
  void standsBesideOtherRoutes() {
    int port = fixture.serve(router(proxy(fixture.origin("one"))));

    assertThat(fixture.get(port, "/own").content()).isEqualTo("own");
    assertThat(fixture.get(port, "/api/x?y").content()).isEqualTo("GET /x?y ");
    assertThat(fixture.get(port, "/after").content()).isEqualTo("after");
    assertThat(fixture.get(port, "/none").status()).isEqualTo(404);
  }

  @Test
  void passesContentThroughARouter() {
    int port = fixture.serve(router(proxy(fixture.origin("one"))));
    Buffer large = Buffer.buffer("0123456789abcdef".repeat(64 * 1024));

    assertThat(fixture.post(port, "/api/", large).content()).isEqualTo("POST / " + large);
  }

  @Test
  void runsInterceptorsOfTheApplicationAndOfTheConfiguration() {
    SentinelProxy proxy = proxy(fixture.origin("one"));
    proxy.addInterceptor(tagging("first")).addInterceptor(tagging("second"), true);
    int port = fixture.serve(router(proxy));

    Answer answer = fixture.get(port, "/api/");

    assertThat(answer.head().getHeader("x-tag")).isEqualTo("first,second,named");
    assertThat(answer.head().getHeader("x-answered")).isEqualTo("named");
  }

  @Test
  void doesNotSkipInterceptorsForWhatLooksLikeAnUpgrade() {
    SentinelProxy proxy = proxy(fixture.origin("one"));
    proxy.addInterceptor(
        new ProxyInterceptor() {
          @Override
          public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            return Future.succeededFuture(
                context.request().release().response().setStatusCode(401));
          }
        });
    int port = fixture.serve(proxy);
    RequestOptions upgrade =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setPort(port)
            .setURI("/api/")
            .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
            .putHeader(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET)
            .putHeader("Sec-WebSocket-Version", "13")
            .putHeader("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");

    int status =
        EmbedFixture.await(
            fixture
                .client()
                .request(upgrade)
                .compose(request -> request.send())
                .map(response -> response.statusCode()));

    assertThat(status).isEqualTo(401);
  }

  @Test
  void interceptorsSurviveAnUpdate() {
    int origin = fixture.origin("one");
    SentinelProxy proxy = fixture.proxy("version: 1\n");
    proxy.addInterceptor(tagging("mine"));
    int port = fixture.serve(proxy);

    EmbedFixture.await(proxy.update(EmbedFixture.forwarding(origin)));

    assertThat(fixture.get(port, "/").head().getHeader("x-tag")).isEqualTo("mine");
  }

  @Test
  void failsBehindABodyHandler() {
    Router router = Router.router(fixture.vertx());
    router.route().handler(BodyHandler.create());
    router.route().handler(ProxyHandler.create(proxy(fixture.origin("one"))));
    int port = fixture.serve(router);

    assertThat(fixture.post(port, "/api/", Buffer.buffer("content")).status()).isEqualTo(500);
  }
}
