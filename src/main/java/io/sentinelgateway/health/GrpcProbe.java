package io.sentinelgateway.health;

import io.sentinelgateway.config.ActiveConfig;
import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.config.ProbeSettings;
import io.sentinelgateway.config.ProbeTls;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Inlined;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks by the gRPC health checking protocol, grpc.health.v1, over HTTP/2: in the clear with prior
 * knowledge (RFC 9113 section 3.3), or over TLS. Each check has a connection of its own.
 */
final class GrpcProbe implements Probe {

  private static final String METHOD = "/grpc.health.v1.Health/Check";

  private final HttpClient client;
  private final RequestOptions options;
  private final Buffer question;

  /** {@code active: {type: grpc}} */
  @Doc("Asks by the gRPC health checking protocol; only SERVING is healthy.")
  record Settings(
      @Doc("The service that is asked about; empty: the server as a whole.") @Default("\"\"")
          String service,
      @Doc("Ask over TLS, with these settings; absent: as requests do.") Optional<ProbeTls> tls,
      @Inlined ActiveConfig checks)
      implements ProbeSettings {}

  GrpcProbe(Settings settings, Subject subject) {
    @Nullable ProbeTls tls = settings.tls().orElse(null);
    HttpClientOptions http = subject.http(new HttpClientOptions(), tls, OriginProtocol.HTTP2);
    client = subject.vertx().createHttpClient(http);
    options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(subject.socket())
            .setHost(subject.serverName(tls))
            .setPort(Math.max(0, subject.address().port()))
            .setSsl(subject.secure(tls))
            .setURI(METHOD)
            .putHeader("content-type", "application/grpc")
            .putHeader("te", "trailers");
    question = GrpcHealth.question(settings.service());
  }

  @Override
  public Future<?> check() {
    return client.request(options).compose(this::ask);
  }

  private Future<?> ask(HttpClientRequest request) {
    return request
        .send(question)
        .compose(GrpcProbe::answer)
        .onComplete(done -> request.connection().close());
  }

  private static Future<?> answer(HttpClientResponse answer) {
    if (answer.statusCode() != 200) {
      return Future.failedFuture(new FailedCheckException("status " + answer.statusCode()));
    }
    BoundedContent content = new BoundedContent(GrpcHealth.MAX_ANSWER_BYTES);
    return answer
        .pipeTo(content)
        .compose(done -> content.result())
        .map(message -> GrpcHealth.judge(status(answer), message));
  }

  /** In the trailers, or in the head of an answer without message. */
  private static String status(HttpClientResponse answer) {
    String inHead = answer.getHeader("grpc-status");
    return String.valueOf(inHead == null ? answer.getTrailer("grpc-status") : inHead);
  }

  @Override
  public void close() {
    client.close();
  }
}
