package io.sentinelgateway.gateway;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * An answer as it came over the wire.
 *
 * @param line status line
 * @param lines field lines in their order
 * @param body content, one character a byte, chunked coding taken off
 * @param trailers field lines behind the last chunk
 */
record Answer(String line, List<String> lines, String body, List<String> trailers) {

  int status() {
    return Integer.parseInt(line.split(" ", 3)[1]);
  }

  /** Values of all field lines of this name. */
  List<String> fields(String name) {
    String start = name.toLowerCase(java.util.Locale.ROOT) + ":";
    return lines.stream()
        .filter(l -> l.toLowerCase(java.util.Locale.ROOT).startsWith(start))
        .map(l -> l.substring(start.length()).strip())
        .toList();
  }

  /** The one value of this field; empty when there is no such field. */
  Optional<String> field(String name) {
    List<String> values = fields(name);
    if (values.size() > 1) {
      throw new AssertionError(name + " stands " + values.size() + " times: " + lines);
    }
    return values.stream().findFirst();
  }

  JsonObject json() {
    return new JsonObject(body);
  }

  /** The reason of an error answer. */
  String reason() {
    return json().getString("reason");
  }
}
