package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls as gRPC makes them: HTTP/2 on both sides of the gateway. */
class GrpcToOriginTest {

  private static final String LISTENERS =
      "listeners: {web: {address: \"127.0.0.1:0\", protocols: [http1, http2]}}\n";

  private final Vertx vertx = Vertx.vertx();

  @TempDir private Path folder;

  @AfterEach
  void closeClient() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  /** Content, and the status that the trailers said. */
  private String call(GatewayFixture gateway) throws Exception {
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false);
    HttpClient client = vertx.createHttpClient(options);
    return client
        .request(HttpMethod.POST, gateway.port(), "127.0.0.1", "/pkg.Service/Call")
        .compose(
            request ->
                request
                    .putHeader("te", "trailers")
                    .putHeader("content-type", "application/grpc")
                    .send(Buffer.buffer("message")))
        .compose(GrpcToOriginTest::result)
        .await(20, TimeUnit.SECONDS);
  }

  private static Future<String> result(HttpClientResponse response) {
    return response
        .body()
        .map(
            body ->
                body
                    + " "
                    + response.getHeader("grpc-status")
                    + " "
                    + response.trailers().get("grpc-status"));
  }

  @Test
  void passesACallAndItsStatusInTheTrailers() throws Exception {
    try (Http2Origin origin =
            Http2Origin.start(
                request -> {
                  request.response().putHeader("te-was", String.valueOf(request.getHeader("te")));
                  request.response().setChunked(true).putTrailer("grpc-status", "0");
                  request.pipeTo(request.response());
                });
        GatewayFixture gateway = GatewayFixture.start(folder, LISTENERS + origin.upstream())) {
      assertThat(call(gateway)).isEqualTo("message null 0");
    }
  }

  @Test
  void passesAnAnswerOfNothingButTrailers() throws Exception {
    try (Http2Origin origin =
            Http2Origin.start(
                request ->
                    request.endHandler(
                        end -> request.response().putHeader("grpc-status", "12").end()));
        GatewayFixture gateway = GatewayFixture.start(folder, LISTENERS + origin.upstream())) {
      assertThat(call(gateway)).isEqualTo(" 12 null");
    }
  }
}
