package io.sentinelgateway.agent;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an agent wants done with an exchange. */
public sealed interface Decision {

  /** It may go on. */
  record Allow() implements Decision {}

  /**
   * It ends here.
   *
   * @param status 200–599
   * @param body content of the answer; {@code null}: the gateway's own
   * @param fields of the answer
   */
  record Block(int status, @Nullable String body, List<FieldOperation> fields)
      implements Decision {}

  /**
   * The client is sent elsewhere.
   *
   * @param location printable, without line ends
   * @param status 301, 302, 303, 307 or 308
   */
  record Redirect(String location, int status) implements Decision {}

  /**
   * The client must prove something first.
   *
   * @param type such as {@code captcha}
   */
  record Challenge(String type, Map<String, String> parameters) implements Decision {}

  /** One word, for metrics. */
  default Outcome outcome() {
    if (this instanceof Allow) {
      return Outcome.ALLOW;
    }
    if (this instanceof Block) {
      return Outcome.BLOCK;
    }
    return this instanceof Redirect ? Outcome.REDIRECT : Outcome.CHALLENGE;
  }
}
