package io.sentinelgateway.tls;

/**
 * A certificate, a key or a file beside them cannot be used. Its message never holds anything of a
 * key's content.
 */
final class BadCertificateException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String setting;

  /**
   * @param setting whose file it is: the word of its key in the configuration
   */
  BadCertificateException(String setting, String message) {
    super(message);
    this.setting = setting;
  }

  String setting() {
    return setting;
  }
}
