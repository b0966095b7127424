package io.sentinelgateway.health;

import io.sentinelgateway.config.ActiveConfig;
import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.config.ProbeSettings;
import io.sentinelgateway.config.ProbeTls;
import io.sentinelgateway.config.StatusRange;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Inlined;
import io.sentinelgateway.schema.Problems;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks by HTTP for a page. Each check has a connection of its own: whether the target still accepts
 * them is part of the question. Redirects are answers, not orders.
 */
final class HttpProbe implements Probe {

  private static final int MAX_CONTENT_BYTES = 64 << 10;

  private final WebClient client;
  private @Nullable HttpConnection connection;
  private final HttpRequest<Buffer> request;
  private final Settings settings;

  /** {@code active: {type: http}} */
  @Doc("Asks for a page and expects a status.")
  record Settings(
      @Doc("Path and query that are asked for.") @Default("/") String path,
      @Doc("Method; with HEAD no content is sent.") @Default("GET") String method,
      @Doc("The Host field; absent: the target's address.") Optional<String> host,
      @Doc("Further fields of the request.") @Default("{}") Map<String, String> headers,
      @Doc("Statuses of a healthy target.") @Default("[200-299]") List<StatusRange> statuses,
      @Doc("A text that the content must have in it; content over 64 KiB fails in any case.")
          Optional<String> contains,
      @Doc("Ask over TLS, with these settings; absent: as requests do.") Optional<ProbeTls> tls,
      @Doc(
              "`http1`, `http2`, or `auto`: what the target prefers with TLS, else `http1`; absent:"
                  + " what requests speak, but `http1` at a `port` of its own.")
          Optional<OriginProtocol> protocol,
      @Inlined ActiveConfig checks)
      implements ProbeSettings {

    @Override
    public void check(Problems problems) {
      problems
          .at("path")
          .require(path.matches("/[!-~]*"), path + " (expected: / and no space or control)");
      problems.at("method").require(token(method), method + " (expected: a method, such as GET)");
      problems.at("statuses").require(!statuses.isEmpty(), "none (expected: at least one)");
      problems
          .at("contains")
          .require(
              contains.isEmpty() || !method.equals("HEAD"),
              "never there (expected: another method than HEAD)");
      host.ifPresent(
          name ->
              problems.at("host").require(name.matches("[!-~]+"), name + " (expected: a host)"));
      headers.forEach(
          (name, value) ->
              problems
                  .at("headers")
                  .at(name)
                  .require(
                      token(name) && value.matches("[\\t -~]*"),
                      "no field (expected: a name and a value of one line)"));
    }

    private static boolean token(String text) {
      return text.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    }
  }

  HttpProbe(Settings settings, Subject subject) {
    this.settings = settings;
    @Nullable ProbeTls tls = settings.tls().orElse(null);
    WebClientOptions options = subject.http(new WebClientOptions(), tls, spoken(subject));
    options.setUserAgent("sentinel-gateway").setKeepAlive(false).setFollowRedirects(false);
    client =
        WebClient.wrap(
            subject
                .vertx()
                .httpClientBuilder()
                .with(options)
                .withConnectHandler(made -> connection = made)
                .build(),
            options);
    request =
        client
            .request(
                HttpMethod.valueOf(settings.method()),
                subject.socket(),
                Math.max(0, subject.address().port()),
                subject.serverName(tls),
                settings.path())
            .as(() -> new BoundedContent(MAX_CONTENT_BYTES));
    settings.headers().forEach(request::putHeader);
    request.putHeader("Host", settings.host().orElse(authority(subject)));
  }

  private OriginProtocol spoken(Subject subject) {
    boolean elsewhere = settings.checks().port().isPresent();
    return settings.protocol().orElse(elsewhere ? OriginProtocol.HTTP1 : subject.protocol());
  }

  private static String authority(Subject subject) {
    return subject.address().unix() ? subject.host() : subject.address().toString();
  }

  @Override
  public Future<?> check() {
    return request.send().map(this::judge).eventually(this::hangUp);
  }

  /** HTTP/2 would keep it for the next one. */
  private Future<?> hangUp() {
    HttpConnection made = connection;
    connection = null;
    return made == null ? Future.succeededFuture() : made.close();
  }

  private HttpResponse<Buffer> judge(HttpResponse<Buffer> answer) {
    if (settings.statuses().stream().noneMatch(range -> range.holds(answer.statusCode()))) {
      throw new FailedCheckException("status " + answer.statusCode() + ", not " + expected());
    }
    String wanted = settings.contains().orElse("");
    Buffer content = answer.body();
    if (!wanted.isEmpty()
        && (content == null || !content.toString(StandardCharsets.UTF_8).contains(wanted))) {
      throw new FailedCheckException("the content has not the expected text in it");
    }
    return answer;
  }

  private String expected() {
    return settings.statuses().stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    client.close();
  }
}
