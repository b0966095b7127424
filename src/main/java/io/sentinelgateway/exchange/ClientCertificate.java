package io.sentinelgateway.exchange;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that a client has shown and that was found good, as texts, each made once for all
 * requests of its connection. All of them are visible ASCII and spaces, so that they can stand in
 * fields. Confined to the event loop of the connection.
 */
public final class ClientCertificate {

  private static final HexFormat HEX = HexFormat.of();

  /** Kinds of subject alternative names that are texts, and what stands before them. */
  private static final List<String> KINDS =
      List.of("", "email:", "DNS:", "", "", "", "URI:", "IP:");

  private final X509Certificate certificate;
  private @Nullable String subject;
  private @Nullable String alternativeNames;
  private @Nullable String fingerprint;
  private @Nullable String pem;

  public ClientCertificate(X509Certificate certificate) {
    this.certificate = certificate;
  }

  /** The distinguished name in the form of RFC 2253, such as {@code CN=shop,O=Example}. */
  public String subject() {
    if (subject == null) {
      subject = visible(certificate.getSubjectX500Principal().getName());
    }
    return subject;
  }

  /** Such as {@code DNS:shop.example,URI:spiffe://example/shop}; empty when there are none. */
  public String alternativeNames() {
    if (alternativeNames == null) {
      alternativeNames = joined(certificate);
    }
    return alternativeNames;
  }

  private static String joined(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        int kind = (Integer) name.get(0);
        String prefix = kind < KINDS.size() ? KINDS.get(kind) : "";
        if (!prefix.isEmpty() && name.get(1) instanceof String text) {
          names.add(prefix + escapedComma(visible(text)));
        }
      }
    } catch (CertificateParsingException e) {
      return "";
    }
    return String.join(",", names);
  }

  /** What a certificate says must not look like another name in the list. */
  private static String escapedComma(String text) {
    return text.replace(",", "%2C");
  }

  /** SHA-256 of the whole certificate, in lower-case hexadecimal digits. */
  public String fingerprint() {
    if (fingerprint == null) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        fingerprint = HEX.formatHex(digest.digest(certificate.getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
    return fingerprint;
  }

  /** The whole certificate in PEM format, percent-encoded. */
  public String pem() {
    if (pem == null) {
      try {
        String base64 =
            Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        String text = "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
        pem = URLEncoder.encode(text, StandardCharsets.US_ASCII).replace("+", "%20");
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("what was read can be written", e);
      }
    }
    return pem;
  }

  /** Percent-encodes, as UTF-8, what is not visible ASCII or a space, and the percent sign. */
  private static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (each >= ' ' && each < 0x7f && each != '%') {
        out.append((char) each);
      } else {
        out.append('%').append(HEX.withUpperCase().toHexDigits(each));
      }
    }
    return out.toString();
  }
}
