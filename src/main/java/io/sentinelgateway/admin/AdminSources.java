package io.sentinelgateway.admin;

import io.sentinelgateway.handover.HandoverException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoints tell and trigger. Called on the event loop of the administration listener and
 * must not block it, but for {@link #metrics}.
 */
public interface AdminSources {

  /** False only when the process cannot recover by itself and should be restarted. */
  boolean live();

  /** Whether new requests should be sent here. */
  Readiness readiness();

  /** What runs: version, configuration, listeners, the last reload and its problems. */
  JsonObject status();

  /** The configuration in force as YAML, secrets masked. */
  String configYaml();

  /** The configuration in force as JSON, secrets masked. */
  JsonObject config();

  /** Upstreams with their targets and what is known about them. */
  JsonArray upstreams();

  /** Agents with their connections. */
  JsonArray agents();

  /**
   * What would happen to a request, by the matcher of the data path. Fails with an {@link
   * IllegalArgumentException} whose message says what is wrong with the question.
   */
  Future<JsonObject> explain(Question question);

  /**
   * Does what an operator wants of a target. Fails with a {@link java.util.NoSuchElementException}
   * when there is none such, with an {@link IllegalArgumentException} when its name is none.
   */
  Future<JsonObject> steer(Steering steering);

  /** Reads the configuration again; the result says what became of it. */
  Future<JsonObject> reload();

  /**
   * Starts a process that takes over, and ends this one. Fails with a {@link HandoverException}
   * when this one goes on.
   */
  Future<JsonObject> restart();

  /** The metrics in the format that the Accept field asks for. Called on a worker thread. */
  Metrics metrics(String accept);

  /**
   * Whether new requests should be sent here.
   *
   * @param ready true between the first configuration in force and the wish to stop
   * @param reason in a few words, also when it is ready
   */
  record Readiness(boolean ready, String reason) {}

  /**
   * What an operator wants of a target.
   *
   * @param upstream id
   * @param target its address, as the configuration writes it
   * @param order what is to be done
   * @param weight the new weight, for that order; 0: as configured
   */
  record Steering(String upstream, String target, Order order, int weight) {

    /** What can be wanted. */
    public enum Order {
      /** No new requests; those under way end. */
      DRAIN,
      /** The end of that. */
      ENABLE,
      /** Another share of the requests. */
      WEIGHT
    }
  }

  /**
   * Metrics as text.
   *
   * @param contentType value of Content-Type
   * @param text the metrics
   */
  record Metrics(String contentType, String text) {}

  /**
   * A request to be explained.
   *
   * @param method method token
   * @param url absolute URL
   * @param fields field lines in order
   * @param client address of the client; {@code null}: loopback
   * @param listener id of the listener; {@code null}: every one that could get it
   */
  record Question(
      String method,
      String url,
      List<Map.Entry<String, String>> fields,
      @Nullable String client,
      @Nullable String listener) {

    public Question {
      fields = List.copyOf(fields);
    }
  }
}
