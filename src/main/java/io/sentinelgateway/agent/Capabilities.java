package io.sentinelgateway.agent;

import io.vertx.core.json.JsonObject;

/**
 * What an agent says of itself in its handshake; what it leaves out is taken for little. Immutable.
 *
 * @param agentId the id that it gives itself
 * @param chunkBytes the most it wants to be shown of content at once, before base64
 * @param cancellation whether it wants to hear of questions that nobody waits for any more
 */
public record Capabilities(
    String agentId, String name, String version, int chunkBytes, boolean cancellation) {

  private static final int LARGEST_CHUNK = 1 << 20;
  private static final int SMALLEST_CHUNK = 1 << 10;
  private static final int USUAL_CHUNK = 64 << 10;
  private static final int PROTOCOL = 2;

  static Capabilities of(JsonObject handshake) {
    if (!handshake.getBoolean("success", false)) {
      throw new MalformedAnswerException("refused the handshake: " + text(handshake, "error"));
    }
    int version = handshake.getInteger("protocol_version", 0);
    if (version != PROTOCOL) {
      throw new MalformedAnswerException(
          "speaks version " + version + " of the protocol (expected: " + PROTOCOL + ")");
    }
    String encoding = handshake.getString("encoding");
    if (encoding != null && !encoding.equals("json")) {
      throw new MalformedAnswerException("chose an encoding that was not offered (expected: json)");
    }
    JsonObject said = object(handshake, "capabilities");
    JsonObject limits = object(said, "limits");
    int chunk = limits.getInteger("preferred_chunk_size", USUAL_CHUNK);
    return new Capabilities(
        text(said, "agent_id"),
        text(said, "name"),
        text(said, "version"),
        Math.max(SMALLEST_CHUNK, Math.min(LARGEST_CHUNK, chunk)),
        object(said, "features").getBoolean("cancellation", false));
  }

  private static JsonObject object(JsonObject parent, String name) {
    JsonObject child = parent.getJsonObject(name);
    return child == null ? new JsonObject() : child;
  }

  private static String text(JsonObject object, String name) {
    String text = object.getString(name, "");
    return text.length() <= 128 ? text : text.substring(0, 128);
  }
}
