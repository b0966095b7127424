package io.sentinelgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which responses the layers above get to see. */
class InterimResponsesTest {

  private static List<Integer> seen(String wire) {
    EmbeddedChannel channel =
        new EmbeddedChannel(new HttpResponseDecoder(), new InterimResponses());
    channel.writeInbound(Unpooled.copiedBuffer(wire, StandardCharsets.US_ASCII));
    List<Integer> statuses = new ArrayList<>();
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      if (message instanceof HttpResponse response) {
        statuses.add(response.status().code());
      }
      io.netty.util.ReferenceCountUtil.release(message);
    }
    channel.finishAndReleaseAll();
    return statuses;
  }

  @Test
  void dropsThoseThatNobodyKnows() {
    assertThat(
            seen(
                "HTTP/1.1 102 Processing\r\nX: 1\r\n\r\nHTTP/1.1 199 What\r\n\r\n"
                    + "HTTP/1.1 104 Resume\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        .containsExactly(200);
  }

  @Test
  void letsThoseThroughThatTheLayersAboveKnow() {
    assertThat(
            seen(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        .containsExactly(100, 103, 200);
  }
}
