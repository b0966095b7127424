package io.sentinelgateway.discovery;

import io.sentinelgateway.schema.Problems;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GET requests to the interface of a registry. What it answers is bounded in size and time.
 * Confined to one context.
 */
final class Api implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Api.class);

  private static final int MAX_BYTES = 32 * 1024 * 1024;
  private static final int CONNECT_MILLIS = 5_000;

  private final Vertx vertx;
  private final URI base;
  private final HttpClient client;

  /**
   * @param base as {@link #check} wants it
   * @param caFile certificates that are trusted; empty: the system's
   */
  Api(Vertx vertx, String base, String caFile) {
    this.vertx = vertx;
    this.base = URI.create(base);
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(CONNECT_MILLIS)
            .setTcpKeepAlive(true)
            .setSsl(secure())
            .setVerifyHost(true);
    if (secure() && !caFile.isEmpty()) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(caFile));
    }
    this.client = vertx.createHttpClient(options);
  }

  /** Says what is wrong with such a base; the view stands at it. */
  static void check(String base, Problems problems) {
    boolean usable =
        base.matches(
            "https?://([A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:.]{2,45}\\])" + "(:[0-9]{1,5})?/?");
    problems.require(usable, '"' + base + "\" (expected: http://host:port or https://host:port)");
  }

  /** Whether nobody on the way can read what is sent. */
  boolean secure() {
    return "https".equals(base.getScheme());
  }

  /** An answer as a whole. */
  record Answer(HttpClientResponse head, Buffer content) {}

  /**
   * Asks for a whole answer.
   *
   * @param limit for all of it
   */
  Future<Answer> get(String target, Map<String, String> fields, Duration limit) {
    return within(
        limit,
        send(target, fields),
        head -> content(head).map(content -> new Answer(head, content)));
  }

  /**
   * Asks for an answer that is read as it comes; it is paused.
   *
   * @param limit until its head
   */
  Future<HttpClientResponse> open(String target, Map<String, String> fields, Duration limit) {
    return within(
        limit,
        send(target, fields),
        head -> {
          // Told to whoever reads on; until then the end of the connection is no news.
          head.exceptionHandler(cut -> LOG.debug("answer of {} cut", base, cut));
          head.pause();
          return Future.succeededFuture(head);
        });
  }

  private <T> Future<T> within(
      Duration limit,
      Future<HttpClientRequest> connected,
      Function<HttpClientResponse, Future<T>> reader) {
    Promise<T> answer = Promise.promise();
    Alarm patience = new Alarm(vertx);
    patience.set(limit, () -> answer.tryFail(late(limit)));
    connected
        .compose(
            request -> {
              answer.future().onFailure(cut -> request.reset());
              return request.send();
            })
        .compose(reader)
        .onComplete(
            done -> {
              patience.cancel();
              if (done.succeeded()) {
                answer.tryComplete(done.result());
              } else {
                answer.tryFail(done.cause());
              }
            });
    return answer.future();
  }

  private static Exception late(Duration limit) {
    return new TimeoutException("no answer in " + limit.toMillis() + " ms");
  }

  private Future<HttpClientRequest> send(String target, Map<String, String> fields) {
    int port = base.getPort() > 0 ? base.getPort() : secure() ? 443 : 80;
    String host = base.getHost();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
            .setPort(port)
            .setURI(target)
            .putHeader("accept", "application/json");
    fields.forEach(options::putHeader);
    return client.request(options);
  }

  private static Future<Buffer> content(HttpClientResponse head) {
    Promise<Buffer> content = Promise.promise();
    Buffer gathered = Buffer.buffer();
    head.exceptionHandler(content::tryFail);
    head.endHandler(end -> content.tryComplete(gathered));
    head.handler(
        part -> {
          if (gathered.length() + part.length() > MAX_BYTES) {
            content.tryFail("an answer of more than " + MAX_BYTES + " bytes");
            head.request().reset();
          } else {
            gathered.appendBuffer(part);
          }
        });
    return content.future();
  }

  @Override
  public void close() {
    client.close();
  }
}
