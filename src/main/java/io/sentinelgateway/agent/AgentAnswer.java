package io.sentinelgateway.agent;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent answered to one event. Immutable.
 *
 * @param request changes of the request's fields, in order
 * @param response changes of the answer's fields, in order
 * @param replacement of the chunk of the request's content that was shown; {@code null}: as it is
 * @param ruleIds what made it decide so, for the log; printable and bounded
 */
public record AgentAnswer(
    Decision decision,
    List<FieldOperation> request,
    List<FieldOperation> response,
    @Nullable Buffer replacement,
    String ruleIds) {

  /** Allows, and changes nothing. */
  public static final AgentAnswer NOTHING =
      new AgentAnswer(new Decision.Allow(), List.of(), List.of(), null, "");
}
