package io.sentinelgateway.agent;

import io.sentinelgateway.agent.FieldOperation.Action;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers. Strict where a mistake could change what is decided, lenient about members that
 * decide nothing. Every method throws {@link MalformedAnswerException} or {@link
 * ClassCastException} for what it cannot read. Stateless.
 */
final class AnswerParser {

  private static final int MOST_OPERATIONS = 256;
  private static final int LONGEST_RULES = 200;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private AnswerParser() {}

  /** For which question an answer is; {@code null} when it does not say. */
  static @Nullable String correlation(JsonObject answer) {
    JsonObject audit = answer.getJsonObject("audit");
    JsonObject custom = audit == null ? null : audit.getJsonObject("custom");
    String id = custom == null ? null : custom.getString("correlation_id");
    return id != null ? id : answer.getString("correlation_id");
  }

  /**
   * @param chunk index of the chunk that was asked about; -1: the question was about none
   */
  static AgentAnswer parse(JsonObject answer, int chunk) {
    return new AgentAnswer(
        decision(answer.getValue("decision")),
        operations(answer.getJsonArray("request_headers")),
        operations(answer.getJsonArray("response_headers")),
        chunk < 0 ? null : replacement(answer.getJsonObject("request_body_mutation"), chunk),
        rules(answer.getJsonObject("audit")));
  }

  private static Decision decision(@Nullable Object value) {
    if ("allow".equals(value)) {
      return new Decision.Allow();
    }
    if (!(value instanceof JsonObject named) || named.size() != 1) {
      throw new MalformedAnswerException("no decision");
    }
    String name = named.fieldNames().iterator().next();
    if (name.equals("allow")) {
      return new Decision.Allow();
    }
    JsonObject body = named.getJsonObject(name);
    if (body == null) {
      throw new MalformedAnswerException("a decision without content: " + shown(name));
    }
    return switch (name) {
      case "block" -> block(body);
      case "redirect" -> redirect(body);
      case "challenge" -> challenge(body);
      default -> throw new MalformedAnswerException("an unknown decision: " + shown(name));
    };
  }

  private static Decision block(JsonObject body) {
    int status = body.getInteger("status", 403);
    if (status < 200 || status > 599) {
      throw new MalformedAnswerException("block with status " + status);
    }
    List<FieldOperation> fields = new ArrayList<>();
    JsonObject named = body.getJsonObject("headers");
    if (named != null) {
      bounded(named.size());
      for (String name : named.fieldNames()) {
        fields.add(operation(Action.SET, name, named.getString(name)));
      }
    }
    return new Decision.Block(status, body.getString("body"), List.copyOf(fields));
  }

  private static Decision redirect(JsonObject body) {
    String url = body.getString("url", "");
    int status = body.getInteger("status", 302);
    if (!url.matches("[!-~]{1,8192}")) {
      throw new MalformedAnswerException("redirect to no URL");
    }
    if (!REDIRECTS.contains(status)) {
      throw new MalformedAnswerException("redirect with status " + status);
    }
    return new Decision.Redirect(url, status);
  }

  private static Decision challenge(JsonObject body) {
    String type = body.getString("challenge_type", "");
    Map<String, String> parameters = new HashMap<>();
    JsonObject given = body.getJsonObject("params");
    if (given != null) {
      bounded(given.size());
      given.fieldNames().forEach(name -> parameters.put(name, given.getString(name)));
    }
    return new Decision.Challenge(shown(type), Map.copyOf(parameters));
  }

  private static List<FieldOperation> operations(@Nullable JsonArray listed) {
    if (listed == null || listed.isEmpty()) {
      return List.of();
    }
    bounded(listed.size());
    List<FieldOperation> operations = new ArrayList<>(listed.size());
    for (int i = 0; i < listed.size(); i++) {
      operations.add(operation(listed.getJsonObject(i)));
    }
    return List.copyOf(operations);
  }

  private static FieldOperation operation(JsonObject named) {
    if (named.size() != 1) {
      throw new MalformedAnswerException("no operation on a field");
    }
    String name = named.fieldNames().iterator().next();
    JsonObject body = named.getJsonObject(name);
    Action action =
        switch (name) {
          case "set" -> Action.SET;
          case "add" -> Action.ADD;
          case "remove" -> Action.REMOVE;
          default -> throw new MalformedAnswerException("an unknown operation: " + shown(name));
        };
    return operation(
        action, body.getString("name"), action == Action.REMOVE ? "" : body.getString("value"));
  }

  private static FieldOperation operation(
      Action action, @Nullable String name, @Nullable String value) {
    if (name == null || value == null) {
      throw new MalformedAnswerException("a field without name or value");
    }
    try {
      return new FieldOperation(action, name, value);
    } catch (IllegalArgumentException e) {
      throw new MalformedAnswerException(String.valueOf(e.getMessage()));
    }
  }

  /** {@code null}: the chunk goes on as it is; empty: it is dropped. */
  private static @Nullable Buffer replacement(@Nullable JsonObject mutation, int chunk) {
    String data = mutation == null ? null : mutation.getString("data");
    if (mutation == null || data == null) {
      return null;
    }
    int index = mutation.getInteger("chunk_index", 0);
    if (index != chunk) {
      throw new MalformedAnswerException(
          "a replacement for chunk " + index + " (expected: " + chunk + ")");
    }
    try {
      return Buffer.buffer(Base64.getDecoder().decode(data));
    } catch (IllegalArgumentException e) {
      throw new MalformedAnswerException("a replacement that is not in base64");
    }
  }

  private static String rules(@Nullable JsonObject audit) {
    JsonArray ids = audit == null ? null : audit.getJsonArray("rule_ids");
    if (ids == null || ids.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ids.size() && text.length() < LONGEST_RULES; i++) {
      text.append(i == 0 ? "" : ",").append(shown(ids.getString(i)));
    }
    return text.toString();
  }

  private static void bounded(int size) {
    if (size > MOST_OPERATIONS) {
      throw new MalformedAnswerException(
          size + " operations or members (expected: at most " + MOST_OPERATIONS + ")");
    }
  }

  /** Text of an agent, made fit for a log. */
  private static String shown(@Nullable String text) {
    String some = text == null ? "" : text.length() <= 64 ? text : text.substring(0, 64);
    return some.replaceAll("[^!-~]", "?");
  }
}
