package io.sentinelgateway.tunnel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the frames of a WebSocket may be. Immutable.
 *
 * @param maxFrame bytes of the payload of one frame
 * @param maxMessage bytes of the payloads of one message, as they are sent
 * @param ping how often the client is asked whether it is there; {@code null}: never
 * @param extensions what was agreed on: Sec-WebSocket-Extensions of the answer, empty for none
 */
public record FrameLimits(
    long maxFrame, long maxMessage, @Nullable Duration ping, String extensions) {

  /** Bits of the first octet that may be set beside FIN and the opcode. */
  int reservedBits() {
    String agreed = extensions.strip();
    if (agreed.isEmpty()) {
      return 0;
    }
    // What another extension does with these bits is not known here.
    return agreed.startsWith("permessage-deflate") && agreed.indexOf(',') < 0 ? 0x40 : 0x70;
  }
}
