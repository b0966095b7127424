package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.FrameClient.GOAWAY;
import static io.sentinelgateway.gateway.FrameClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.FrameClient.Frame;
import io.sentinelgateway.gateway.FrameClient.Reply;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How HTTP/2 connections end, and what gRPC is told when a call does. */
class Http2EndTest {

  @TempDir Path folder;

  private GatewayFixture before(ScriptedOrigin origin, String listener, String... upstream)
      throws Exception {
    return GatewayFixture.start(
        folder,
        "listeners: {web: {address: \"127.0.0.1:0\", protocols: [http2]"
            + listener
            + "}}\n"
            + GatewayFixture.upstream(origin, upstream)
            + "routes: {all: {forward: {upstream: origin}}}\n");
  }

  @Test
  void saysGoodbyeInTwoStepsAfterTheLastRequestThatIsAllowed() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.Peer::echo);
        GatewayFixture gateway = before(origin, ", limits: {requests-per-connection: 1}");
        FrameClient client = new FrameClient(gateway.port())) {
      client.get(1, "/one");
      Frame announced = client.await(GOAWAY);
      // It was on its way already: it is served.
      client.get(3, "/two");
      Frame last = client.await(GOAWAY);
      client.awaitClose();

      assertThat(announced.lastStream()).isEqualTo(Integer.MAX_VALUE);
      assertThat(last.lastStream()).isEqualTo(3);
      assertThat(origin.requests()).hasSize(2);
    }
  }

  @Test
  void completesWhatIsUnderWayWhenItShutsDown() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ScriptedOrigin origin =
        ScriptedOrigin.start(
            peer -> {
              peer.request();
              asked.countDown();
              peer.await(go);
              peer.write(ScriptedOrigin.sized("late"));
              peer.request();
            })) {
      GatewayFixture gateway = before(origin, "");
      try (FrameClient client = new FrameClient(gateway.port())) {
        client.get(1, "/");
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        var closed = gateway.drain();
        assertThat(client.await(GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
        go.countDown();

        assertThat(client.reply(1).content()).isEqualTo("late");
        client.awaitClose();
        closed.join();
      }
    }
  }

  @Test
  void refusesOtherProtocolsWhereOnlyHttp2IsSpoken() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = before(origin, "");
        RawClient client = gateway.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");

      assertThat(client.untilBroken()).doesNotContain("HTTP/1.1 200");
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void tellsAFailureInTheWordsOfGrpc() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.Peer::reset);
        GatewayFixture gateway = before(origin, "");
        FrameClient client = new FrameClient(gateway.port())) {
      Reply reply = call(client, 1, Map.of());

      assertThat(reply.status()).isEqualTo("200");
      assertThat(reply.head())
          .containsEntry("content-type", "application/grpc")
          .containsEntry("grpc-status", "14");
      assertThat(reply.content()).isEmpty();
      assertThat(reply.trailers()).isEmpty();
    }
  }

  @Test
  void keepsTheDeadlineOfAGrpcClient() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.Peer::awaitClose);
        GatewayFixture gateway = before(origin, "");
        FrameClient client = new FrameClient(gateway.port())) {
      Reply reply = call(client, 1, Map.of("grpc-timeout", "100m"));

      assertThat(reply.head()).containsEntry("grpc-status", "4");
    }
  }

  private static Reply call(FrameClient client, int stream, Map<String, String> more)
      throws Exception {
    var fields = request("POST", "/a.B/C", "content-type", "application/grpc", "te", "trailers");
    more.forEach(fields::add);
    client.headers(stream, false, fields).data(stream, true, "\0\0\0\0\0");
    return client.reply(stream);
  }
}
