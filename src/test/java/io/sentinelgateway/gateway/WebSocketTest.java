package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway does about frames, where it is told to look at them. */
class WebSocketTest {

  private static final String LIMITS = ", websocket: {max-frame: 1KiB, max-message: 2KiB}";
  private static final String CLOSE_TO_CLIENT = "\u0088\2";
  private static final String CLOSE_TO_ORIGIN = "\u0088\u0082\0\0\0\0";
  private static final String GOING_AWAY = "\3\u00e9";
  private static final String PROTOCOL_ERROR = "\3\u00ea";
  private static final String TOO_LARGE = "\3\u00f1";

  /** A masked text frame of five bytes, one of a server, and pings of both. */
  private static final String HELLO = "\u0081\u0085\1\2\3\4IgoHn";

  private static final String WORLD = "\u0081\5world";
  private static final String PING = "\u0089\0";
  private static final String MASKED_PONG = "\u008a\u0080\0\0\0\0";

  @TempDir private Path folder;

  @Test
  void passesGoodFramesOnAsTheyAreHoweverTheyArrive() throws Exception {
    String toOrigin = HELLO + "\1\u0081abcdA\u0089\u0080abcd\u0080\u0081abcdB" + HELLO;
    String goodbye = CLOSE_TO_CLIENT + GOING_AWAY;
    try (WebSocketChain chain =
        WebSocketChain.open(
            folder,
            LIMITS,
            peer -> {
              assertThat(peer.text(toOrigin.length())).isEqualTo(toOrigin);
              peer.writeByteByByte(WORLD + PING + WORLD);
              peer.write(WORLD + WORLD + goodbye).awaitClose();
            })) {
      for (String each : toOrigin.split("")) {
        chain.client().send(each);
      }
      String toClient = WORLD + PING + WORLD + WORLD + WORLD + goodbye;
      assertThat(chain.client().bytes(toClient.length())).isEqualTo(toClient);
      chain.client().close();
      chain.ends("client");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Not masked; a reserved bit without an extension; an unknown opcode; a fragmented ping.
        "\u0081\1a",
        "\u00c1\u0081abcdA",
        "\u0083\u0080abcd",
        "\u0009\u0080abcd",
        // A continuation of nothing; a message within a message; a length longer than needed.
        "\u0080\u0080abcd",
        "\1\u0080abcd\u0081\u0080abcd",
        "\u0081\u00fe\0\1abcdA",
        // A control frame of 126 bytes; a length with its highest bit; anything behind a close.
        "\u0089\u00fe\0~abcd",
        "\u0081\u00ff\u0080\0\0\0\0\0\0\0abcd",
      })
  void closesWhatBreaksTheProtocol(String frames) throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.open(folder, LIMITS, ScriptedOrigin.Peer::awaitClose)) {
      chain.client().send(frames + "more of it");
      assertThat(chain.client().rest()).isEqualTo(CLOSE_TO_CLIENT + PROTOCOL_ERROR);
      chain.client().close();
      chain.ends("protocol");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"frame", "message"})
  void closesWhatIsTooLargeBeforeItIsPassedOn(String what) throws Exception {
    String kilobyte = "\u00fe\4\0abcd" + "x".repeat(1024);
    String frames =
        what.equals("frame")
            ? "\u0082\u00fe\4\1abcd"
            : "\2" + kilobyte + "\0" + kilobyte + "\u0080\u0081abcdA";
    int good = what.equals("frame") ? 0 : 2 * (1 + kilobyte.length());
    AtomicReference<String> heard = new AtomicReference<>();
    try (WebSocketChain chain =
        WebSocketChain.open(
            folder,
            LIMITS,
            peer -> {
              heard.set(peer.text(good + CLOSE_TO_ORIGIN.length() + 2));
              peer.awaitClose();
            })) {
      chain.client().send(frames);
      assertThat(chain.client().rest()).isEqualTo(CLOSE_TO_CLIENT + TOO_LARGE);
      chain.client().close();
      chain.ends("too_large");
      assertThat(heard.get()).isEqualTo(frames.substring(0, good) + CLOSE_TO_ORIGIN + TOO_LARGE);
    }
  }

  @Test
  void asksAnIdleClientOnlyBetweenFramesAndEndsItWhenItDoesNotAnswer() throws Exception {
    String half = WORLD.substring(0, 4);
    try (WebSocketChain chain =
        WebSocketChain.open(
            folder,
            ", websocket: {ping-interval: 200ms}",
            peer -> {
              peer.write(half);
              // The ping is due within this frame.
              assertThat(peer.text(MASKED_PONG.length())).isEqualTo(MASKED_PONG);
              peer.write(WORLD.substring(4)).awaitClose();
            })) {
      assertThat(chain.client().bytes(half.length())).isEqualTo(half);
      chain.client().send(MASKED_PONG);
      String rest = chain.client().untilBroken();
      assertThat(rest).startsWith(WORLD.substring(4)).contains(PING);
      chain.ends("silent");
    }
  }

  @Test
  void saysGoodbyeAtTheEndOfAFrame() throws Exception {
    String half = WORLD.substring(0, 4);
    try (WebSocketChain chain =
        WebSocketChain.open(
            folder,
            LIMITS,
            peer -> {
              peer.write(half);
              assertThat(peer.text(CLOSE_TO_ORIGIN.length() + 2))
                  .isEqualTo(CLOSE_TO_ORIGIN + GOING_AWAY);
              peer.write(WORLD.substring(4) + "nothing of this").awaitClose();
            })) {
      assertThat(chain.client().bytes(half.length())).isEqualTo(half);
      chain.endListener();
      assertThat(chain.client().rest())
          .isEqualTo(WORLD.substring(4) + CLOSE_TO_CLIENT + GOING_AWAY);
      chain.client().close();
      chain.ends("drain");
    }
  }
}
