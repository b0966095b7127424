package io.sentinelgateway.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sentinelgateway.exchange.TestLoop;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.wire.FlushBatch;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a request that could not be written any more makes of the answer that comes all the same.
 */
@ExtendWith(VertxExtension.class)
class AnswerReaderTest {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> events = new ArrayList<>();

  @BeforeEach
  void beginsAnUpload(Vertx vertx) {
    Context home = vertx.getOrCreateContext();
    Lane lane = new Lane(home, new Octets(), new FlushBatch());
    Target target = Targets.of(Address.parse("127.0.0.1:1"), "{}");
    LoopSide side =
        new LoopSide(new TestLoop(vertx), 1, lane, new Dialer(vertx, home), new LoopMetrics());
    TargetPool pool = new TargetPool(target, side, "");
    Http1Connection connection = new Http1Connection(pool, channel, lane, new Wear(0, 1));
    connection.begin("POST", "/upload", new Recorded(home));
    connection.endHead(1 << 20);
    channel.pipeline().fireExceptionCaught(new IOException("Broken pipe"));
  }

  private void arrives(String answer) {
    channel.writeInbound(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII));
    channel.finishAndReleaseAll();
  }

  @Test
  void takesAnAnswerWhoseEndIsCertain() {
    arrives("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");

    assertThat(events).containsExactly("413", "no", "end");
  }

  @Test
  void doesNotTrustAnEndThatOnlyTheCloseTells() {
    arrives("HTTP/1.1 413 Too Large\r\n\r\nno");

    assertThat(events).containsExactly("413", "no", "failed");
  }

  private final class Recorded implements AnswerReceiver {

    private final MultiMap fields = HttpHeaders.headers();
    private final Context context;

    private Recorded(Context context) {
      this.context = context;
    }

    @Override
    public Context context() {
      return context;
    }

    @Override
    public MultiMap fields() {
      return fields;
    }

    @Override
    public void interim(int status, MultiMap lines) {
      events.add("interim");
    }

    @Override
    public void head(int status, long length) {
      events.add(Integer.toString(status));
    }

    @Override
    public void content(ByteBuf chunk) {
      events.add(chunk.toString(StandardCharsets.US_ASCII));
      chunk.release();
    }

    @Override
    public void quiet() {}

    @Override
    public void end(MultiMap trailers) {
      events.add("end");
    }

    @Override
    public void writable() {}

    @Override
    public void failed(Throwable cause) {
      events.add("failed");
    }
  }
}
