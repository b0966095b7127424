package io.sentinelgateway.tls;

import io.sentinelgateway.schema.PemFile;
import java.util.Arrays;

/**
 * Reads an OCSP response (RFC 6960 section 4.2.1) that goes with a certificate. Whether it is about
 * that certificate is for the client to judge. Pure.
 */
final class Staple {

  /** {@code responseStatus}: ENUMERATED, one byte, {@code successful}. */
  private static final byte[] SUCCESSFUL = {0x0a, 1, 0};

  private Staple() {}

  /**
   * @throws BadCertificateException when it is none, or a responder's refusal
   */
  static byte[] read(PemFile file) {
    byte[] content = file.content();
    try {
      if (Arrays.equals(Der.firstMember(content), SUCCESSFUL)) {
        return content;
      }
    } catch (IllegalArgumentException e) {
      throw new BadCertificateException(
          "ocsp", file + " is damaged (expected: an OCSP response, DER)");
    }
    throw new BadCertificateException(
        "ocsp", file + " (expected: an OCSP response, DER, whose status is successful)");
  }
}
