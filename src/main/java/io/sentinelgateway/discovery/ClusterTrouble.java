package io.sentinelgateway.discovery;

import io.vertx.core.json.JsonObject;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what an API server of Kubernetes wants of us, or lacks, so that it can be mended. Pure. */
final class ClusterTrouble {

  private static final int LONGEST = 300;
  private static final int UNAUTHORIZED = 401;

  private ClusterTrouble() {}

  /**
   * An answer that is no list.
   *
   * @param status its status, not 200
   * @param content perhaps an object of the kind Status, which has a message
   */
  static String of(int status, String content) {
    String text = "the API server answered " + status;
    String message = message(content);
    if (!message.isEmpty()) {
      text += ": " + message;
    }
    return status == UNAUTHORIZED ? text + " (expected: a valid token in token-file)" : text;
  }

  private static String message(String content) {
    try {
      String message = new JsonObject(content).getString("message", "");
      return message.length() > LONGEST ? message.substring(0, LONGEST) + '…' : message;
    } catch (RuntimeException e) {
      return "";
    }
  }

  /** No answer came. */
  static String of(Throwable failure) {
    Throwable untrusted = cause(CertificateException.class, failure);
    if (untrusted != null) {
      return "the certificate of the API server is refused: "
          + untrusted.getMessage()
          + " (expected: one for the host in api, from an authority in ca-file)";
    }
    Throwable broken = cause(SSLException.class, failure);
    return String.valueOf((broken == null ? failure : broken).getMessage());
  }

  /** The last one of the kind, which knows best. */
  private static @Nullable Throwable cause(Class<? extends Throwable> kind, Throwable failure) {
    Throwable found = null;
    Throwable each = failure;
    for (int depth = 0; each != null && depth < 10; depth++) {
      found = kind.isInstance(each) ? each : found;
      each = each.getCause();
    }
    return found;
  }
}
