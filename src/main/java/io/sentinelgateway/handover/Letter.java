package io.sentinelgateway.handover;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a process tells the one that follows it before it sends the sockets: how many bytes the rest
 * has (4 bytes), and a JSON object.
 *
 * @param sockets names in the order in which their descriptors come
 * @param state whatever else shall live on
 */
record Letter(List<String> sockets, JsonObject state) {

  /** Version of this letter; a process that does not know it goes no further. */
  private static final int FORMAT = 1;

  static final int LONGEST = 16 << 20;

  ByteBuf encode(ByteBufAllocator allocator) {
    JsonObject json =
        new JsonObject()
            .put("format", FORMAT)
            .put("sockets", new JsonArray(sockets))
            .put("state", state);
    byte[] bytes = json.encode().getBytes(StandardCharsets.UTF_8);
    return allocator.buffer(4 + bytes.length).writeInt(bytes.length).writeBytes(bytes);
  }

  /**
   * @param bytes without the length
   * @throws IllegalArgumentException when it is none, or one of another format
   */
  static Letter decode(ByteBuf bytes) {
    JsonObject json = new JsonObject(bytes.toString(StandardCharsets.UTF_8));
    if (json.getInteger("format", 0) != FORMAT) {
      throw new IllegalArgumentException(
          "its letter has format " + json.getValue("format") + " (expected: " + FORMAT + ")");
    }
    List<String> sockets = json.getJsonArray("sockets").stream().map(String.class::cast).toList();
    return new Letter(sockets, json.getJsonObject("state"));
  }
}
