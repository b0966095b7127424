package io.sentinelgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sentinelgateway.wire.ConnectionGuard.Overdue;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Limits: a header section within 10, silence for 100. */
class ConnectionGuardTest {

  private final ConnectionGuard guard = new ConnectionGuard(0, 10, 100, new FlushBatch());
  private final EmbeddedChannel channel = new EmbeddedChannel(guard);

  private void arrives(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  @Test
  void letsAConnectionRestUntilItIsIdle() {
    assertThat(guard.resting()).isTrue();
    assertThat(guard.overdue(100)).isEqualTo(Overdue.NOTHING);
    assertThat(guard.overdue(101)).isEqualTo(Overdue.IDLE);
  }

  @Test
  void countsAHeaderSectionFromItsFirstByteWhateverFollows() {
    arrives("G");
    assertThat(guard.resting()).isFalse();
    assertThat(guard.overdue(50)).isEqualTo(Overdue.NOTHING);
    arrives("E");
    assertThat(guard.overdue(60)).isEqualTo(Overdue.NOTHING);
    arrives("T");
    assertThat(guard.overdue(61)).isEqualTo(Overdue.HEADER);
    assertThat(guard.headerStartedNanos()).isEqualTo(50);
  }

  @Test
  void stopsThatClockAtTheEndOfTheSection() {
    arrives("GET …");
    assertThat(guard.overdue(1)).isEqualTo(Overdue.NOTHING);
    guard.headerComplete();
    arrives("content");
    assertThat(guard.overdue(50)).isEqualTo(Overdue.NOTHING);
    guard.exchangeComplete();
    assertThat(guard.overdue(70)).isEqualTo(Overdue.NOTHING);
    assertThat(guard.resting()).isTrue();
    arrives("G");
    assertThat(guard.overdue(80)).isEqualTo(Overdue.NOTHING);
    assertThat(guard.overdue(91)).isEqualTo(Overdue.HEADER);
  }

  @Test
  void takesWrittenBytesForASignOfLife() {
    guard.headerComplete();
    assertThat(guard.overdue(90)).isEqualTo(Overdue.NOTHING);
    channel.writeOutbound(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII));
    assertThat(guard.overdue(95)).isEqualTo(Overdue.NOTHING);
    assertThat(guard.overdue(195)).isEqualTo(Overdue.NOTHING);
    assertThat(guard.overdue(196)).isEqualTo(Overdue.IDLE);
    channel.releaseOutbound();
  }

  @Test
  void saysItsLastWordsBeforeItCloses() {
    guard.closeWith("bye".getBytes(StandardCharsets.US_ASCII));

    io.netty.buffer.ByteBuf words = channel.readOutbound();
    assertThat(words.toString(StandardCharsets.US_ASCII)).isEqualTo("bye");
    words.release();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void cannotLingerOnNoConnection() {
    assertThat(guard.lingerOnClose()).isTrue();
    assertThat(new ConnectionGuard(0, 1, 1, new FlushBatch()).lingerOnClose()).isFalse();
  }
}
