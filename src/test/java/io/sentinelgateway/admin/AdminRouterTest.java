package io.sentinelgateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.admin.AdminSources.Steering;
import io.sentinelgateway.admin.AdminSources.Steering.Order;
import io.sentinelgateway.config.AdminConfig;
import io.sentinelgateway.handover.HandoverException;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each endpoint answers, over a real socket. */
class AdminRouterTest {

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client = WebClient.create(vertx);
  private final FakeSources sources = new FakeSources();
  private AdminConfig config = new AdminConfig(Address.parse("127.0.0.1:0"), Optional.empty());
  private int port;

  @BeforeEach
  void listen() throws Exception {
    HttpServer server =
        vertx
            .createHttpServer(AdminRouter.serverOptions())
            .requestHandler(AdminRouter.create(vertx, () -> config, sources))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    port = server.actualPort();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  // Health and readiness

  @Test
  void healthIs200WhileTheProcessLives() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    sources.live = false;
    assertThat(get("/healthz").statusCode()).isEqualTo(503);
  }

  @Test
  void readinessIs503UntilReadyAndSaysWhy() throws Exception {
    sources.readiness = new AdminSources.Readiness(false, "draining");
    HttpResponse<Buffer> draining = get("/readyz");
    assertThat(draining.statusCode()).isEqualTo(503);
    assertThat(draining.bodyAsJsonObject().getString("reason")).isEqualTo("draining");
    sources.readiness = new AdminSources.Readiness(true, "serving");
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  // What it shows

  @Test
  void metricsAreReadOffTheEventLoopInTheFormatAskedFor() throws Exception {
    HttpResponse<Buffer> answer =
        send(request(HttpMethod.GET, "/metrics").putHeader("Accept", "application/openmetrics"));
    assertThat(answer.getHeader("Content-Type")).isEqualTo("text/x");
    assertThat(answer.bodyAsString()).isEqualTo("up 1 application/openmetrics\n");
    assertThat(sources.metricsOnWorker).isTrue();
  }

  @Test
  void configIsYamlOrJsonByAccept() throws Exception {
    HttpResponse<Buffer> yaml = get("/config");
    assertThat(yaml.getHeader("Content-Type")).startsWith("application/yaml");
    assertThat(yaml.bodyAsString()).isEqualTo("version: 1\n");
    HttpResponse<Buffer> json =
        send(request(HttpMethod.GET, "/config").putHeader("Accept", "application/json"));
    assertThat(json.bodyAsJsonObject().getInteger("version")).isEqualTo(1);
  }

  @Test
  void statusAndUpstreamsAreJson() throws Exception {
    assertThat(get("/status").bodyAsJsonObject().getInteger("version")).isEqualTo(7);
    assertThat(get("/upstreams").bodyAsJsonArray().getString(0)).isEqualTo("shop");
  }

  @Test
  void explainTakesRequestFieldsClientAndListener() throws Exception {
    HttpResponse<Buffer> answer =
        get(
            "/explain?request=GET%20https%3A%2F%2Fshop.example%2Fx&header=a:%201&header=b:2"
                + "&client=10.0.0.1&listener=web");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(sources.asked)
        .isEqualTo(
            new AdminSources.Question(
                "GET",
                "https://shop.example/x",
                List.of(Map.entry("a", "1"), Map.entry("b", "2")),
                "10.0.0.1",
                "web"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/explain",
        "/explain?request=GET",
        "/explain?request=%20https://x/",
        "/explain?request=GET%20https://x/&header=nonsense",
        "/explain?request=GET%20bad:"
      })
  void explainRefusesABadQuestion(String path) throws Exception {
    HttpResponse<Buffer> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.bodyAsJsonObject().getString("detail")).contains("expected");
  }

  @Test
  void indexAndUnknownPathsListTheEndpoints() throws Exception {
    assertThat(get("/").bodyAsString()).contains("GET /metrics").contains("POST /reload");
    HttpResponse<Buffer> unknown = get("/nothing");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.bodyAsJsonObject().getJsonArray("endpoints")).contains("/readyz");
  }

  @Test
  void everyAnswerForbidsSniffingAndStoring() throws Exception {
    for (String path : List.of("/", "/status", "/nothing", "/reload")) {
      HttpResponse<Buffer> answer = get(path);
      assertThat(answer.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.getHeader("Cache-Control")).isEqualTo("no-store");
    }
  }

  @Test
  void aFailureIsJsonAndTellsNothing() throws Exception {
    sources.reload = Future.failedFuture(new IllegalStateException("secret detail"));
    HttpResponse<Buffer> answer = send(request(HttpMethod.POST, "/reload"));
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.bodyAsJsonObject().getString("error")).isEqualTo("internal");
    assertThat(answer.bodyAsString()).doesNotContain("secret detail");
  }

  // Targets

  @ParameterizedTest
  @CsvSource({
    "drain, shop, 10.0.0.1:80, DRAIN, 0",
    "enable, shop, unix%3A%2Frun%2Fs, ENABLE, 0",
    "weight?value=5, shop, [::1]:80, WEIGHT, 5",
    "weight, shop, a:80, WEIGHT, 0"
  })
  void ordersForATargetAreUnderstood(
      String order, String upstream, String target, Order wanted, int weight) throws Exception {
    String path = "/upstreams/" + upstream + "/targets/" + target + "/" + order;
    assertThat(send(request(HttpMethod.POST, path)).statusCode()).isEqualTo(200);
    String decoded = target.replace("%3A", ":").replace("%2F", "/");
    assertThat(sources.steering).isEqualTo(new Steering(upstream, decoded, wanted, weight));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "x", "-1", ""})
  void aBadWeightIsRefused(String weight) throws Exception {
    String path = "/upstreams/shop/targets/a:80/weight?value=" + weight;
    assertThat(send(request(HttpMethod.POST, path)).statusCode()).isEqualTo(400);
    assertThat(sources.steering).isNull();
  }

  @Test
  void orderingATargetTakesPostAndTheToken() throws Exception {
    String path = "/upstreams/shop/targets/a:80/drain";
    assertThat(get(path).statusCode()).isEqualTo(405);
    HttpRequest<Buffer> page = request(HttpMethod.POST, path);
    assertThat(send(page.putHeader("Origin", "https://evil.example")).statusCode()).isEqualTo(403);
    config = new AdminConfig(config.address(), Optional.of(new Secret("s3cret")));
    assertThat(send(request(HttpMethod.POST, path)).statusCode()).isEqualTo(401);
    assertThat(sources.steering).isNull();
  }

  // Methods

  @Test
  void reloadTakesOnlyPost() throws Exception {
    HttpResponse<Buffer> answer = get("/reload");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.getHeader("Allow")).isEqualTo("POST");
    assertThat(sources.reloads).hasValue(0);
    assertThat(send(request(HttpMethod.POST, "/reload")).statusCode()).isEqualTo(200);
    assertThat(sources.reloads).hasValue(1);
  }

  @Test
  void statusTakesGetAndHeadOnly() throws Exception {
    HttpResponse<Buffer> answer = send(request(HttpMethod.DELETE, "/status"));
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.getHeader("Allow")).isEqualTo("GET, HEAD");
    HttpResponse<Buffer> head = send(request(HttpMethod.HEAD, "/status"));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isNull();
  }

  @Test
  void contentIsRefused() throws Exception {
    HttpResponse<Buffer> answer =
        request(HttpMethod.POST, "/reload")
            .sendBuffer(Buffer.buffer("x"))
            .await(10, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(sources.reloads).hasValue(0);
  }

  // Who may ask

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "whatever"})
  void reloadIsRefusedToPagesOfOtherSites(String site) throws Exception {
    HttpResponse<Buffer> answer =
        send(request(HttpMethod.POST, "/reload").putHeader("Sec-Fetch-Site", site));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(sources.reloads).hasValue(0);
  }

  @Test
  void reloadIsRefusedToRequestsWithAnOrigin() throws Exception {
    HttpResponse<Buffer> answer =
        send(request(HttpMethod.POST, "/reload").putHeader("Origin", "https://evil.example"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(sources.reloads).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "10.0.0.1"})
  void withoutATokenOnlyLoopbackNamesAreAnswered(String host) throws Exception {
    HttpResponse<Buffer> answer = send(request(HttpMethod.GET, "/config").virtualHost(host));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.bodyAsJsonObject().getString("error")).isEqualTo("host_not_allowed");
    assertThat(send(request(HttpMethod.GET, "/readyz").virtualHost(host)).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "LOCALHOST", "[::1]"})
  void loopbackNamesAreAnswered(String host) throws Exception {
    assertThat(send(request(HttpMethod.GET, "/config").virtualHost(host)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void theTokenIsNeededForAllButTheProbes() throws Exception {
    config = new AdminConfig(config.address(), Optional.of(new Secret("s3cret")));
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    for (String path : List.of("/", "/metrics", "/status", "/config", "/upstreams", "/explain")) {
      HttpResponse<Buffer> answer = get(path);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.getHeader("WWW-Authenticate")).startsWith("Bearer");
    }
    assertThat(send(request(HttpMethod.POST, "/reload")).statusCode()).isEqualTo(401);
    assertThat(sources.reloads).hasValue(0);
  }

  @Test
  void theRightTokenOpensAndAWrongOneDoesNot() throws Exception {
    config = new AdminConfig(config.address(), Optional.of(new Secret("s3cret")));
    for (String right : List.of("Bearer s3cret", "bearer s3cret")) {
      assertThat(authorized(right).statusCode()).isEqualTo(200);
    }
    for (String wrong : List.of("Bearer s3cre", "Bearer s3crett", "Bearer", "Basic s3cret", "")) {
      assertThat(authorized(wrong).statusCode()).isEqualTo(401);
    }
  }

  private HttpResponse<Buffer> authorized(String credentials) throws Exception {
    return send(request(HttpMethod.GET, "/status").putHeader("Authorization", credentials));
  }

  private HttpResponse<Buffer> get(String path) throws Exception {
    return send(request(HttpMethod.GET, path));
  }

  private HttpRequest<Buffer> request(HttpMethod method, String path) {
    return client.request(method, port, "127.0.0.1", path);
  }

  private static HttpResponse<Buffer> send(HttpRequest<Buffer> request) throws Exception {
    return request.send().await(10, TimeUnit.SECONDS);
  }

  private static final class FakeSources implements AdminSources {

    private volatile boolean live = true;
    private volatile Readiness readiness = new Readiness(true, "serving");
    private volatile Future<JsonObject> reload =
        Future.succeededFuture(new JsonObject().put("result", "applied"));
    private final AtomicInteger reloads = new AtomicInteger();
    private volatile boolean metricsOnWorker;
    private volatile Steering steering;
    private volatile Question asked;

    @Override
    public boolean live() {
      return live;
    }

    @Override
    public Readiness readiness() {
      return readiness;
    }

    @Override
    public JsonObject status() {
      return new JsonObject().put("version", 7);
    }

    @Override
    public String configYaml() {
      return "version: 1\n";
    }

    @Override
    public JsonObject config() {
      return new JsonObject().put("version", 1);
    }

    @Override
    public JsonArray agents() {
      return new JsonArray();
    }

    @Override
    public JsonArray upstreams() {
      return new JsonArray().add("shop");
    }

    @Override
    public Future<JsonObject> explain(Question question) {
      if (question.url().startsWith("bad:")) {
        return Future.failedFuture(new IllegalArgumentException("url (expected: http or https)"));
      }
      asked = question;
      return Future.succeededFuture(new JsonObject().put("route", "checkout"));
    }

    @Override
    public Future<JsonObject> steer(Steering steering) {
      this.steering = steering;
      return Future.succeededFuture(new JsonObject());
    }

    @Override
    public Future<JsonObject> restart() {
      return Future.failedFuture(new HandoverException("not here"));
    }

    @Override
    public Future<JsonObject> reload() {
      reloads.incrementAndGet();
      return reload;
    }

    @Override
    public Metrics metrics(String accept) {
      metricsOnWorker = io.vertx.core.Context.isOnWorkerThread();
      return new Metrics("text/x", "up 1 " + accept + '\n');
    }
  }
}
